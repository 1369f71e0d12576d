import type { Context, Properties } from "../../resource/handler";
import { notOursAnyMore } from "../../resource/ownership";
import { ownershipOf } from "./claim";
import { planUpdate } from "./plan";
import { locked, runPlan } from "./run";
import type { StoragePoolInputs } from "./schema";
import { stateOf } from "./state";

export function updatePool(
  uuid: string,
  inputs: StoragePoolInputs,
  state: Properties,
  context: Context,
): Promise<Properties> {
  const { name } = inputs;
  return locked(inputs, context, async (host) => {
    const { owner, isOwn } = await ownershipOf(uuid, inputs, context);
    if (!isOwn) throw notOursAnyMore(`storage pool "${name}"`, owner);
    await runPlan(planUpdate(inputs), { host, uuid, name, identity: context.identity });
    return stateOf(inputs, uuid, state["madeFolder"] === true).outputs;
  });
}
