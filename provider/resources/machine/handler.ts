import { isCutOff } from "../../resource/definition";
import { handlerOf } from "../../resource/handler-of";
import type { Context, Created, Properties, Read } from "../../resource/handler";
import type { State } from "../../resource/outputs";
import { alone } from "./alone";
import { completeInstallation } from "./complete";
import { withOverlayText } from "./derive";
import { observeForCreate, observeForUpdate } from "./observe";
import { machinePolicies } from "./policy";
import { effectsNow, inspectNew, outstanding, refusedChanges, unfinished } from "./preview";
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
  unfinished,
  refuse: refusedChanges,

  create: (inputs, context) => alone(inputs, context, () => create(inputs, context)),
  read,
  update: (uuid, olds, news, state, context) =>
    alone(news, context, () => update(uuid, news, previousOf(uuid, olds, state), context)),
  delete: (uuid, inputs, state, context) => alone(inputs, context, () => remove(uuid, inputs, state, context)),
});

async function create(desired: MachineInputs, context: Context): Promise<Created> {
  const run = await observeForCreate(desired, context);
  await runCreate(run);
  return { id: run.actual.uuid, outputs: await outputsOfCreate(run) };
}

async function update(uuid: string, desired: MachineInputs, previous: Previous, context: Context): Promise<Properties> {
  const run = await observeForUpdate(uuid, desired, previous, context);
  await runUpdate(run);
  // What an interrupted create or installation has left, or the installation itself.
  const { installation, progress } = run.actual;
  if (isCutOff(previous.state) || installation !== undefined || progress.phase === "installing") await runCreate(run);
  return resultOf(run);
}

async function read(
  uuid: string,
  inputs: MachineInputs,
  state: State<MachineOutputs>,
  context: Context,
): Promise<Read | undefined> {
  const completed = context.isRefresh === true ? await completeInstallation(uuid, inputs, state, context) : undefined;
  return refresh(uuid, inputs, completed ?? state, context);
}
