import { entryOfPool } from "../../libvirt/pools";
import type { Context } from "../../resource/handler";
import type { Host } from "../../resource/host";
import type { State } from "../../resource/outputs";
import { letGo } from "../../resource/ownership";
import { holderOf, unknownVolume } from "./claim";
import { findVolume, idOf } from "./observe";
import { planRemove } from "./plan";
import { locked, runPlan } from "./run";
import type { VolumeInputs, VolumeOutputs } from "./schema";
import { requireAbsent } from "./unseen";
import { requireUnused } from "./unused";

/** Succeeds if the volume no longer exists. Removes only the image that was created or adopted. */
export function removeVolume(inputs: VolumeInputs, state: State<VolumeOutputs>, context: Context): Promise<void> {
  return locked(inputs, context, async (host) => {
    await startOwnPool(host, inputs);
    const isDeleted = await mayBeDeleted(host, inputs, state, context);
    await runPlan(planRemove(isDeleted), { host, inputs, context });
  });
}

/** A pool of kvm-deploy that is inactive, as after a reboot, is started; its own resource stops it again. */
async function startOwnPool({ libvirt, ledger }: Host, { pool }: VolumeInputs): Promise<void> {
  const entry = await libvirt.find("pool", pool);
  if (entry?.isActive !== false || entryOfPool(await ledger.entry("pool", pool), entry.uuid) === undefined) return;
  await libvirt.start("pool", entry.uuid);
}

/** @throws KvmError if that is unknown, or something needs it */
async function mayBeDeleted(
  host: Host,
  inputs: VolumeInputs,
  state: State<VolumeOutputs>,
  context: Context,
): Promise<boolean> {
  const found = await findVolume(host, idOf(inputs));
  if (found === undefined) {
    await requireAbsent(host, inputs, state.path);
    return false;
  }
  const { whose, entry } = await holderOf(host, found, context);
  if (whose === "unknown") throw unknownVolume(host, found);
  if (whose === "other") {
    letGo(`volume "${idOf(inputs)}"`, entry, context);
    return false;
  }
  if (entry?.note === "adopted" && !inputs.deleteAdopted) return false;
  await requireUnused(host, found, context);
  return true;
}
