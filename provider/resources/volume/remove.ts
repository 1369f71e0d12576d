import { entryOfPool } from "../../libvirt/pools";
import { domainsThat, machinesOver, overlaysOf, usesVolume } from "../../libvirt/users";
import type { Context, Properties } from "../../resource/handler";
import type { Host } from "../../resource/host";
import { letGo } from "../../resource/ownership";
import { Conflict, KvmError, NotFound } from "../../values/errors";
import { isGone, whyUnseen } from "./image";
import { holderOf, unknownVolume } from "./ownership";
import { findVolume, type Found, idOf, lockOf, requireActive } from "./places";
import type { VolumeInputs, VolumeOutputs } from "./schema";

/** Succeeds when it is gone already. Touches nothing but the very image that was made or taken over. */
export async function removeVolume(inputs: VolumeInputs, state: Properties, context: Context): Promise<void> {
  const host = context.host(inputs.connection);
  const { path } = state as Partial<VolumeOutputs>;
  await host.lock(
    lockOf(inputs),
    async () => {
      await startOwnPool(host, inputs);
      const found = await findVolume(host, idOf(inputs));
      if (found === undefined) {
        await requireGone(host, inputs, path);
        return host.ledger.releaseOf(context.identity, "volume", idOf(inputs));
      }
      const { whose, entry } = await holderOf(host, found, context);
      if (whose === "unknown") throw unknownVolume(host, found);
      if (whose === "other") {
        letGo(`volume "${idOf(inputs)}"`, entry, context);
        return host.ledger.releaseOf(context.identity, "volume", idOf(inputs));
      }
      if (entry?.note !== "adopted" || inputs.deleteAdopted) {
        await requireUnused(host, found, context);
        await deleteVolume(host, inputs, context);
      }
      await host.ledger.release("volume", idOf(inputs));
    },
    context,
  );
}

/** A pool of kvm-deploy's that is off, as after a reboot, is started; its own resource stops it again. */
async function startOwnPool({ libvirt, ledger }: Host, { pool }: VolumeInputs): Promise<void> {
  const entry = await libvirt.find("pool", pool);
  if (entry?.isActive !== false || entryOfPool(await ledger.entry("pool", pool), entry.uuid) === undefined) return;
  await libvirt.start("pool", entry.uuid);
}

/** @throws KvmError while it may be there, and merely can't be seen */
async function requireGone(host: Host, inputs: VolumeInputs, image: string | undefined): Promise<void> {
  if (await isGone(host, inputs, image)) return;
  const pool = await host.libvirt.find("pool", inputs.pool);
  if (pool?.isActive === false) await requireActive(host, inputs.pool);
  if (image === undefined || (pool === undefined && (await host.files.stat(image)) === undefined)) return;
  throw new NotFound(
    `volume "${idOf(inputs)}" can't be seen, but may be there: ${await whyUnseen(host, inputs, image)}`,
    {
      remedy: `Bring that back; or, to leave the image where it is, run \`pulumi state delete URN\``,
    },
  );
}

/** libvirt deletes a volume that is in use without a word. A snapshot's image beside it is listed only after a refresh. */
async function requireUnused({ libvirt, files, lock }: Host, { place }: Found, context: Context): Promise<void> {
  const what = `volume "${place.pool}/${place.name}"`;
  await lock(`pool ${place.pool}`, () => libvirt.refreshPool(place.pool), context);
  const [users, over, overlays] = await Promise.all([
    domainsThat(libvirt, usesVolume(place)),
    machinesOver(libvirt, files, place.path),
    overlaysOf(libvirt, place.path),
  ]);
  const machines = [...new Set([...users.map(({ name }) => name), ...over])];
  if (machines.length > 0) {
    throw new KvmError(
      "conflict",
      `${what} is a disk of ${machines.join(", ")}, or of a saved state or snapshot of it`,
      {
        remedy: "Delete the machine, its snapshots and saved state, or take the disk from it first",
      },
    );
  }
  if (overlays.length === 0) return;
  throw new Conflict(`${what} is what other volumes are based on: ${overlays.join(", ")}`, {
    remedy: "Delete those first",
  });
}

/** @param context default: it can't be interrupted, as what is undone must not be */
export async function deleteVolume({ libvirt, lock }: Host, { pool, name }: VolumeInputs, context?: Context) {
  await lock(`pool ${pool}`, () => libvirt.deleteVolume(pool, name), context);
}
