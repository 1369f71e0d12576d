import { isOwn, readMark } from "../../libvirt/mark";
import { cutOff, handlerOf, isCutOff } from "../../resource/definition";
import type { Context, Created, Properties, Read } from "../../resource/handler";
import { letGo } from "../../resource/ownership";
import type { Previous, Run } from "./actual";
import { withOverlayText } from "./derive";
import { persistentDefinition } from "./live/definitions";
import { observeBeside, observeForCreate, observeForUpdate, seenOn } from "./observe";
import { isInstalling } from "./plan";
import { machinePolicies } from "./policy";
import { effectsNow, inspectNew, outstanding, refusedChanges } from "./preview";
import { remove } from "./remove";
import { runCreate, runUpdate } from "./run";
import { type MachineInputs, machineInputs } from "./schema";
import { factsOf, previousOf, resultOf } from "./state";

export const machine = handlerOf<MachineInputs>({
  schema: machineInputs,
  policies: machinePolicies,
  derived: ["xml.text"],
  derive: (inputs) => Promise.resolve(withOverlayText(inputs)),

  inspect: inspectNew,
  effects: effectsNow,
  outstanding,
  refuse: refusedChanges,

  create: (inputs, context) => alone(inputs, context, () => create(inputs, context)),
  read,
  update: (uuid, olds, news, state, context) =>
    alone(news, context, () => update(uuid, news, previousOf(olds, state), context)),
  delete: (uuid, inputs, state, context) => alone(inputs, context, () => remove(uuid, inputs, state, context)),
});

/** A program whose engine was killed may still be at it. */
function alone<T>({ connection }: MachineInputs, context: Context, work: () => Promise<T>): Promise<T> {
  return context.host(connection).lock(`machine ${context.identity}`, work, context);
}

async function create(desired: MachineInputs, context: Context): Promise<Created> {
  const run = await observeForCreate(desired, context);
  await runCreate(run);
  return { id: run.actual.uuid, outputs: await outputsOfCreate(run) };
}

/** One that was there, and ready, may have been defined by other inputs. */
async function outputsOfCreate(run: Run): Promise<Properties> {
  const { host, desired, actual } = run;
  const { definition, adoption } = actual;
  const isNew = definition === undefined || (adoption === "none" && isInstalling(definition));
  if (isNew) return resultOf(run);
  const previous = { inputs: desired, facts: factsOf(actual) };
  return (await seenOn(host, definition, previous, await observeBeside(host, actual.uuid))).outputs;
}

async function read(
  uuid: string,
  inputs: MachineInputs,
  state: Properties,
  context: Context,
): Promise<Read | undefined> {
  const host = context.host(inputs.connection);
  const [definition, beside] = await Promise.all([persistentDefinition(host, uuid), observeBeside(host, uuid)]);
  if (definition === undefined) return undefined;
  if (!isOwn(definition, context.identity)) {
    letGo(`machine "${inputs.name}"`, readMark(definition), context);
    return undefined;
  }
  const seen = await seenOn(host, definition, previousOf(inputs, state), beside);
  if (!isCutOff(state)) return { id: uuid, outputs: seen.outputs, inputs: { ...seen.inputs } };
  // What isn't complete need not run yet.
  const { running } = inputs;
  return { id: uuid, outputs: cutOff({ ...seen.outputs, running }), inputs: { ...seen.inputs, running } };
}

async function update(uuid: string, desired: MachineInputs, previous: Previous, context: Context): Promise<Properties> {
  const run = await observeForUpdate(uuid, desired, previous, context);
  await runUpdate(run);
  if (isCutOff(previous.state)) await runCreate(run);
  return resultOf(run);
}
