import type { Context, Properties } from "../../resource/handler";
import type { State } from "../../resource/outputs";
import { notOursAnyMore } from "../../resource/ownership";
import { isSame, withOwner } from "../../values/sharing";
import { ownershipOf } from "./claim";
import { planUpdate } from "./plan";
import { locked, runPlan } from "./run";
import type { StoragePoolInputs, StoragePoolOutputs } from "./schema";
import { stateOf } from "./state";

export function updatePool(
  uuid: string,
  inputs: StoragePoolInputs,
  state: State<StoragePoolOutputs>,
  context: Context,
): Promise<Properties> {
  const { name } = inputs;
  return locked(inputs, context, async (host) => {
    const { owner, isOwn, isUsed } = await ownershipOf(uuid, inputs, context);
    if (isUsed) return stateOf(inputs, uuid, false).outputs;
    if (!isOwn) throw notOursAnyMore(`storage pool "${name}"`, owner);
    if (owner !== undefined) {
      const owners = withOwner(owner, { owner: context.urn, identity: context.identity }, inputs.shared);
      // A write without a change could only lose what it has read.
      if (!isSame(owner, owners)) await host.ledger.claim("pool", name, { ...owner, ...owners });
    }
    await runPlan(planUpdate(inputs), { host, uuid, name, identity: context.identity });
    return stateOf(inputs, uuid, state.madeFolder === true).outputs;
  });
}
