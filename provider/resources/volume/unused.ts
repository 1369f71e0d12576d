import { domainsThat, machinesOver, overlaysOf, usesVolume } from "../../libvirt/users";
import type { Context } from "../../resource/handler";
import type { Host } from "../../resource/host";
import { Conflict, KvmError } from "../../values/errors";
import type { Found } from "./observe";
import { relistPool } from "./relist";

/** libvirt deletes a volume in use without an error. A snapshot's image next to it is listed only after a refresh. */
export async function requireUnused(host: Host, { place }: Found, context: Context): Promise<void> {
  const { libvirt, files } = host;
  const what = `volume "${place.pool}/${place.name}"`;
  await relistPool(host, place.pool, context);
  const [users, over, overlays] = await Promise.all([
    domainsThat(libvirt, usesVolume(place)),
    machinesOver(libvirt, files, place.path),
    overlaysOf(libvirt, place.path),
  ]);
  const machines = [...new Set([...users.map(({ name }) => name), ...over])];
  if (machines.length > 0) {
    throw new KvmError("conflict", `${what} is a disk of ${machines.join(", ")}, or of its saved state or snapshot`, {
      remedy: "First delete the machine, its snapshots and saved state, or detach the disk",
    });
  }
  if (overlays.length === 0) return;
  throw new Conflict(`${what} is the base of other volumes: ${overlays.join(", ")}`, {
    remedy: "Delete these first",
  });
}
