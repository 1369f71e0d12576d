import type { Element } from "../../format/xml";
import { readMark } from "../../libvirt/mark";
import { cutOff } from "../../resource/definition";
import type { Properties } from "../../resource/handler";
import type { Host } from "../../resource/host";
import type { State } from "../../resource/outputs";
import { addressesOf } from "./guest/addresses";
import { awaiting, missingOf, reservedFor } from "./guest/awaited";
import { reservationsOf } from "./guest/reservation";
import { type InstallationState, installationStateOf } from "./guest/installing";
import { ansibleInventoryOf, knownHostsOf, sshCommandOf } from "./guest/ssh";
import { persistentDefinition, runningDefinition } from "./live/definitions";
import { withLacking } from "./live/lacking";
import { pathsOf, waitingIn } from "./live/waiting";
import { reinstallIn } from "./definition/reinstallation";
import type { Facts, Previous, Run } from "./schema/actual";
import type { MachineInputs, MachineOutputs } from "./schema/machine";

/** The complete outputs: the inputs and the results. @param live undefined if the machine is off */
export async function outputsOf(
  host: Host,
  inputs: MachineInputs,
  facts: Facts,
  live: Element | undefined,
): Promise<Properties> {
  const addresses = await addressesOf(host, inputs, { macAddresses: facts.macAddresses, live });
  const { hostKeys } = facts;
  const login = loginIn(facts);
  const computed: MachineOutputs = {
    ...facts,
    addresses,
    knownHosts: knownHostsOf(addresses, hostKeys),
    sshCommand: sshCommandOf(addresses[0], login, hostKeys, inputs.connection),
    ansibleInventory: ansibleInventoryOf(inputs.name, addresses[0], login, hostKeys, inputs.connection),
    installation: facts.release === undefined ? undefined : "complete",
    waitingForRestart: pathsOf(waitingIn(live)),
  };
  return { ...inputs, ...computed };
}

/** Nothing is known of the accounts of a system that kvm-deploy has not installed, so they count as usual. */
function loginIn({ login, release }: Facts): string | undefined {
  return release === undefined ? (login ?? "root") : login;
}

/** The outputs as they are now. */
export async function resultOf({ host, desired, actual }: Run): Promise<Properties> {
  const [live, definition, missing] = await Promise.all([
    runningDefinition(host, actual.uuid),
    persistentDefinition(host, actual.uuid),
    missingOf(host, reservationsOf(desired, actual.macAddresses)),
  ]);
  const outputs = await outputsOf(host, desired, factsOf(actual), live);
  const reserved = missing.length === 0 ? outputs : awaiting(outputs, missing);
  const installation = await installationStateOf(host, { uuid: actual.uuid, name: desired.name }, definition);
  return installation === undefined ? reserved : whileInstalling(reserved, installation, desired);
}

/** The installer's addresses from DHCP are not the new system's, and nobody can log in. */
export function whileInstalling(
  outputs: Properties,
  { kind }: InstallationState,
  { nics }: Pick<MachineInputs, "nics">,
): Properties {
  const addresses = nics.flatMap(({ address }) => address ?? []);
  const { hostKeys } = outputs as { hostKeys?: readonly string[] };
  return cutOff({
    ...outputs,
    addresses,
    knownHosts: knownHostsOf(addresses, hostKeys ?? []),
    sshCommand: undefined,
    ansibleInventory: undefined,
    release: undefined,
    installation: kind === "failed" ? "failed" : "installing",
  });
}

/** Whether the last deployment, or a refresh, has reported that the installation failed. */
export function isFailureReported({ installation }: Properties): boolean {
  return installation === "failed";
}

/** The same of a machine whose installation is not complete: its text counts when it has erased something. */
export async function incompleteResultOf(run: Run): Promise<Properties> {
  const definition = await persistentDefinition(run.host, run.actual.uuid);
  return resultOf({ ...run, desired: { ...run.desired, reinstall: reinstallOf(run, definition) } });
}

/** The outputs after an incomplete run: what is not yet as desired is a difference. */
export async function partialResultOf(run: Run): Promise<Properties> {
  const { host, desired, actual } = run;
  const live = await runningDefinition(host, actual.uuid);
  const definition = await persistentDefinition(host, actual.uuid);
  const nics = await reservedFor(host, desired, actual.macAddresses);
  const current = { ...desired, nics, running: powerOf(desired, live), reinstall: reinstallOf(run, definition) };
  const outputs = await outputsOf(host, current, factsOf(actual), live);
  return definition === undefined ? outputs : withLacking(outputs, live, definition);
}

function reinstallOf({ desired, previous }: Run, definition: Element | undefined): string | undefined {
  const last = previous === undefined ? desired.reinstall : previous.inputs.reinstall;
  return reinstallIn(definition && readMark(definition), last);
}

/** The actual `running`; `leave` is not compared. */
export function powerOf({ running }: Pick<MachineInputs, "running">, live: Element | undefined): boolean | "leave" {
  return running === "leave" ? "leave" : live !== undefined;
}

/** @param inputs those of the last deployment, as today's schema reads them */
export function previousOf(uuid: string, inputs: MachineInputs, state: State<MachineOutputs>): Previous {
  return { inputs, facts: savedFacts(uuid, state), state };
}

/** The facts of the last deployment, as far as the state has them: an earlier release kept no formats. */
export function savedFacts(uuid: string, state: State<MachineOutputs>): Facts {
  const { macAddresses = [], volumePaths = {}, volumeFormats = {}, consoleLogPath = "", hostKeys = [] } = state;
  return factsOf({ ...state, uuid, macAddresses, volumePaths, volumeFormats, consoleLogPath, hostKeys });
}

export function factsOf(actual: Facts): Facts {
  const { uuid, macAddresses, volumePaths, volumeFormats, consoleLogPath, hostKeys, release, login } = actual;
  return { uuid, macAddresses, volumePaths, volumeFormats, consoleLogPath, hostKeys, release, login };
}
