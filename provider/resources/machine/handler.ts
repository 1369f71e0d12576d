import { handlerOf, isCutOff } from "../../resource/definition";
import type { Context, Created, Properties } from "../../resource/handler";
import { withOverlayText } from "./derive";
import { observeForCreate, observeForUpdate } from "./observe";
import { machinePolicies } from "./policy";
import { effectsNow, inspectNew, outstanding, refusedChanges } from "./preview";
import { outputsOfCreate, refresh } from "./refresh";
import { remove } from "./remove";
import { runCreate, runUpdate } from "./run";
import { machineInputs } from "./schema";
import type { Previous } from "./schema/actual";
import { type MachineInputs, type MachineOutputs, machineOutputs } from "./schema/machine";
import { previousOf, resultOf } from "./state";

export const machine = handlerOf<MachineInputs, MachineOutputs>({
  schema: machineInputs,
  outputs: machineOutputs,
  policies: machinePolicies,
  derived: ["xml.text"],
  derive: (inputs) => Promise.resolve(withOverlayText(inputs)),

  inspect: inspectNew,
  effects: effectsNow,
  outstanding,
  refuse: refusedChanges,

  create: (inputs, context) => alone(inputs, context, () => create(inputs, context)),
  read: refresh,
  update: (uuid, olds, news, state, context) =>
    alone(news, context, () => update(uuid, news, previousOf(uuid, olds, state), context)),
  delete: (uuid, inputs, state, context) => alone(inputs, context, () => remove(uuid, inputs, state, context)),
});

/** A program whose engine was killed may still be running. */
function alone<T>({ connection }: MachineInputs, context: Context, work: () => Promise<T>): Promise<T> {
  return context.host(connection).lock(`machine ${context.identity}`, work, context);
}

async function create(desired: MachineInputs, context: Context): Promise<Created> {
  const run = await observeForCreate(desired, context);
  await runCreate(run);
  return { id: run.actual.uuid, outputs: await outputsOfCreate(run) };
}

async function update(uuid: string, desired: MachineInputs, previous: Previous, context: Context): Promise<Properties> {
  const run = await observeForUpdate(uuid, desired, previous, context);
  await runUpdate(run);
  // What an interrupted create or installation has left, or the installation itself.
  if (isCutOff(previous.state) || run.actual.installation !== undefined) await runCreate(run);
  return resultOf(run);
}
