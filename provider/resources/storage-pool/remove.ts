import type { Context } from "../../resource/handler";
import type { Host } from "../../resource/host";
import type { State } from "../../resource/outputs";
import { letGo } from "../../resource/ownership";
import { KvmError } from "../../values/errors";
import { withoutOwner } from "../../values/sharing";
import { ownershipOf } from "./claim";
import { guestsOf, volumesIn } from "./observe";
import { planLeave, planRemove, type StoragePoolStep } from "./plan";
import { locked, runPlan } from "./run";
import type { StoragePoolInputs, StoragePoolOutputs } from "./schema";

/** Succeeds if the pool no longer exists. */
export function removePool(
  uuid: string,
  inputs: StoragePoolInputs,
  state: State<StoragePoolOutputs>,
  context: Context,
): Promise<void> {
  const { name } = inputs;
  return locked(inputs, context, async (host) => {
    const { owner, isOwn, isUsed } = await ownershipOf(uuid, inputs, context);
    if (isUsed) return;
    if (!isOwn) {
      letGo(`storage pool "${name}"`, owner, context);
      return;
    }
    const left = withoutOwner(owner, context.identity);
    if (owner !== undefined && left !== undefined) return host.ledger.claim("pool", name, { ...owner, ...left });
    const stays = owner?.note === "adopted" && !inputs.deleteAdopted;
    const steps = stays ? planLeave() : await planUnused(host, uuid, inputs, state.madeFolder === true);
    await runPlan(steps, { host, uuid, name, identity: context.identity });
  });
}

async function planUnused(
  host: Host,
  uuid: string,
  inputs: StoragePoolInputs,
  madeDirectory: boolean,
): Promise<StoragePoolStep[]> {
  const isDefined = await host.libvirt.exists("pool", uuid);
  if (isDefined) await requireUnused(host, uuid, inputs, madeDirectory);
  return planRemove(inputs, { isDefined, madeDirectory });
}

/** @param madeStorage whether everything in the pool was added after its creation */
async function requireUnused(host: Host, uuid: string, { name }: StoragePoolInputs, madeStorage: boolean) {
  const what = `storage pool "${name}"`;
  const held = await volumesIn(host, uuid, name, madeStorage);
  if (held.length > 0) {
    throw new KvmError("conflict", `${what} still has volumes: ${held.join(", ")}`, {
      remedy: "Move or delete them first",
    });
  }
  const guests = await guestsOf(host, uuid);
  if (guests.length === 0) return;
  throw new KvmError("conflict", `${what} has disks of running machines: ${guests.join(", ")}`, {
    remedy: "Stop those machines first",
  });
}
