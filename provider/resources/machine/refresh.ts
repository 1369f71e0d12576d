import { type Element, find } from "../../format/xml";
import { macOf, nicsOf } from "../../libvirt/domain";
import { isOwn, readMark } from "../../libvirt/mark";
import { cutOff, isCutOff } from "../../resource/definition";
import type { Context, Properties, Read } from "../../resource/handler";
import type { Host } from "../../resource/host";
import type { State } from "../../resource/outputs";
import { letGo } from "../../resource/ownership";
import { logOf } from "./definition/consoles";
import { inOrderOf } from "./definition/part";
import { readMachine } from "./definition/read";
import { isReinstallOpen, reinstallIn } from "./definition/reinstallation";
import { volumesNamedIn } from "./files/images";
import { reservedFor } from "./guest/awaited";
import { installationStateOf, isInstaller } from "./guest/installing";
import { persistentDefinition, runningDefinition } from "./live/definitions";
import { withLacking } from "./live/lacking";
import { isInstalling } from "./plan";
import type { Previous, Run } from "./schema/actual";
import type { MachineInputs, MachineOutputs } from "./schema/machine";
import { factsOf, outputsOf, powerOf, previousOf, resultOf, whileInstalling } from "./state";

/** The machine as it is on the host; undefined if it no longer exists, or has another owner. */
export async function refresh(
  uuid: string,
  inputs: MachineInputs,
  state: State<MachineOutputs>,
  context: Context,
): Promise<Read | undefined> {
  const host = context.host(inputs.connection);
  const [definition, runtime] = await Promise.all([persistentDefinition(host, uuid), observeRuntime(host, uuid)]);
  if (definition === undefined) return undefined;
  if (!isOwn(definition, context.identity)) {
    letGo(`machine "${inputs.name}"`, readMark(definition), context);
    return undefined;
  }
  const observed = await observedOn(host, definition, previousOf(uuid, inputs, state), runtime);
  if (!isCutOff(state) && !isReinstallOpen(readMark(definition), inputs.reinstall))
    return { id: uuid, outputs: observed.outputs, inputs: { ...observed.inputs } };
  // An incomplete machine need not run yet, nor start with its host.
  const { running, autostart } = inputs;
  const outputs = cutOff({ ...observed.outputs, running, autostart });
  const installation = await installationStateOf(host, { uuid, name: inputs.name }, definition);
  return {
    id: uuid,
    outputs: installation === undefined ? outputs : whileInstalling(outputs, installation, inputs),
    inputs: { ...observed.inputs, running, autostart },
  };
}

/** The inputs of an existing, complete machine may differ from those of its definition. */
export async function outputsOfCreate(run: Run): Promise<Properties> {
  const { host, desired, actual } = run;
  const { definition, adoption } = actual;
  const isNew = definition === undefined || (adoption === "none" && isInstalling(definition));
  if (isNew) return resultOf(run);
  const previous = { inputs: desired, facts: factsOf(actual) };
  return (await observedOn(host, definition, previous, await observeRuntime(host, actual.uuid))).outputs;
}

/** Facts that are not in the persistent definition. */
interface Runtime {
  /** Undefined if the machine is off. */
  readonly live: Element | undefined;
  readonly autostart: boolean;
}

/** Read at the same time as the definition, so that all facts are from one moment. */
async function observeRuntime(host: Host, uuid: string): Promise<Runtime> {
  const [live, autostart] = await Promise.all([
    runningDefinition(host, uuid),
    host.libvirt.hasAutostart("domain", uuid),
  ]);
  return { live, autostart };
}

/** The inputs as they are on the host, and the outputs. */
async function observedOn(
  host: Host,
  definition: Element,
  { inputs, facts: known }: Pick<Previous, "inputs" | "facts">,
  { live, autostart }: Runtime,
): Promise<{ inputs: MachineInputs; outputs: Properties }> {
  const namedVolumes = await volumesNamedIn(host, definition);
  const observed = {
    ...readMachine(definition, { inputs, facts: { ...known, namedVolumes } }, autostart),
    running: powerOf(inputs, live),
    reinstall: reinstallIn(readMark(definition), inputs.reinstall),
  };
  const facts = {
    ...known,
    macAddresses: inOrderOf(known.macAddresses, nicsOf(definition).map(macOf), (mac) => mac),
    consoleLogPath: logOf(find(definition, "devices")) ?? known.consoleLogPath,
  };
  const nics = await reservedFor(host, observed, facts.macAddresses);
  // An installer has its own definition in force.
  const following = live !== undefined && isInstaller(live) ? undefined : live;
  const outputs = withLacking(await outputsOf(host, { ...observed, nics }, facts, live), following, definition);
  return { inputs: { ...observed, nics }, outputs };
}
