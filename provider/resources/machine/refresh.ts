import { type Element, find } from "../../format/xml";
import { macOf, nicsOf } from "../../libvirt/domain";
import { isOwn, readMark } from "../../libvirt/mark";
import { cutOff, isCutOff } from "../../resource/definition";
import type { Context, Properties, Read } from "../../resource/handler";
import type { Host } from "../../resource/host";
import { letGo } from "../../resource/ownership";
import type { Previous, Run } from "./schema/actual";
import { logOf } from "./definition/consoles";
import { inOrderOf, readMachine } from "./definition/read";
import { reservedFor } from "./guest/awaited";
import { persistentDefinition, runningDefinition } from "./live/definitions";
import { withLacking } from "./live/lacking";
import { isInstalling } from "./plan";
import type { MachineInputs } from "./schema/machine";
import { factsOf, outputsOf, powerOf, previousOf, resultOf } from "./state";

/** The machine as it is on the host; undefined when it is gone, or another's by now. */
export async function refresh(
  uuid: string,
  inputs: MachineInputs,
  state: Properties,
  context: Context,
): Promise<Read | undefined> {
  const host = context.host(inputs.connection);
  const [definition, runtime] = await Promise.all([persistentDefinition(host, uuid), observeRuntime(host, uuid)]);
  if (definition === undefined) return undefined;
  if (!isOwn(definition, context.identity)) {
    letGo(`machine "${inputs.name}"`, readMark(definition), context);
    return undefined;
  }
  const observed = await observedOn(host, definition, previousOf(inputs, state), runtime);
  if (!isCutOff(state)) return { id: uuid, outputs: observed.outputs, inputs: { ...observed.inputs } };
  // What isn't complete need not run yet.
  const { running } = inputs;
  return { id: uuid, outputs: cutOff({ ...observed.outputs, running }), inputs: { ...observed.inputs, running } };
}

/** One that was there, and ready, may have been defined by other inputs. */
export async function outputsOfCreate(run: Run): Promise<Properties> {
  const { host, desired, actual } = run;
  const { definition, adoption } = actual;
  const isNew = definition === undefined || (adoption === "none" && isInstalling(definition));
  if (isNew) return resultOf(run);
  const previous = { inputs: desired, facts: factsOf(actual) };
  return (await observedOn(host, definition, previous, await observeRuntime(host, actual.uuid))).outputs;
}

/** What the persistent definition doesn't tell. */
interface Runtime {
  /** Undefined when the machine is off. */
  readonly live: Element | undefined;
  readonly autostart: boolean;
}

/** Asked beside the definition, so that all of it is read at one moment. */
async function observeRuntime(host: Host, uuid: string): Promise<Runtime> {
  const [live, autostart] = await Promise.all([
    runningDefinition(host, uuid),
    host.libvirt.hasAutostart("domain", uuid),
  ]);
  return { live, autostart };
}

/** What is there: the inputs as the host has them, and what came of them. */
async function observedOn(
  host: Host,
  definition: Element,
  { inputs, facts: known }: Pick<Previous, "inputs" | "facts">,
  { live, autostart }: Runtime,
): Promise<{ inputs: MachineInputs; outputs: Properties }> {
  const observed = {
    ...readMachine(definition, { inputs, facts: known }, autostart),
    running: powerOf(inputs, live),
  };
  const facts = {
    ...known,
    macAddresses: inOrderOf(known.macAddresses, nicsOf(definition).map(macOf), (mac) => mac),
    consoleLogPath: logOf(find(definition, "devices")) ?? known.consoleLogPath,
  };
  const nics = await reservedFor(host, observed, facts.macAddresses);
  const outputs = withLacking(await outputsOf(host, { ...observed, nics }, facts, live), live, definition);
  return { inputs: { ...observed, nics }, outputs };
}
