import { KvmError } from "../../errors";
import type { Context } from "../../handler";
import type { Host } from "../../host/index";
import { domainsThat, overlaysOf, usesVolume } from "../../libvirt/users";
import { findVolume, type Found, idOf, lockOf, requireActive } from "./places";
import type { VolumeInputs } from "./schema";

/** Succeeds when it is gone already. */
export async function removeVolume(host: Host, inputs: VolumeInputs, context: Context): Promise<void> {
  const remove = async () => {
    const found = await findRemovable(host, inputs);
    if (found !== undefined) {
      await requireUnused(host, found);
      await deleteVolume(host, inputs, context);
    }
    await host.ledger.release("volume", idOf(inputs));
  };
  await host.lock(lockOf(inputs), remove, context);
}

/** Where the pool has gone, so has the volume; in one that is merely stopped it still lies. */
async function findRemovable(host: Host, inputs: VolumeInputs): Promise<Found | undefined> {
  const found = await findVolume(host, idOf(inputs));
  if (found === undefined && (await host.libvirt.find("pool", inputs.pool)) !== undefined)
    await requireActive(host, inputs.pool);
  return found;
}

/** libvirt deletes a volume that is in use without a word. */
async function requireUnused({ libvirt }: Host, { place }: Found): Promise<void> {
  const what = `volume "${place.pool}/${place.name}"`;
  const [machines, overlays] = await Promise.all([
    domainsThat(libvirt, usesVolume(place)),
    overlaysOf(libvirt, place.path),
  ]);
  if (machines.length > 0) {
    throw new KvmError("conflict", `${what} is a disk of ${machines.map(({ name }) => name).join(", ")}`, {
      remedy: "Delete the machine or take the disk from it first",
    });
  }
  if (overlays.length === 0) return;
  throw new KvmError("conflict", `${what} is what other volumes are based on: ${overlays.join(", ")}`, {
    remedy: "Delete those first",
  });
}

/** @param context default: it can't be interrupted, as what is undone must not be */
export async function deleteVolume({ libvirt, lock }: Host, { pool, name }: VolumeInputs, context?: Context) {
  await lock(`pool ${pool}`, () => libvirt.deleteVolume(pool, name), context);
}
