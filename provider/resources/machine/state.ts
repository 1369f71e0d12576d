import { type Element, parse } from "../../format/xml";
import type { Properties } from "../../handler";
import type { Host } from "../../host/index";
import type { Installation } from "../../install/installation";
import { addressesOf } from "./guest/addresses";
import type { Wanted } from "./definition/edit";
import type { MachineInputs, MachineOutputs } from "./schema";
import { knownHostsOf, sshCommandOf } from "./guest/ssh";
import { pathsOf, waitingIn } from "./live/waiting";
import type { Surroundings } from "./definition/xml";

/** What the provider itself knows of a machine, beside what only a running one has. */
export type Facts = Pick<
  MachineOutputs,
  "uuid" | "macAddresses" | "volumePaths" | "volumeFormats" | "consoleLogPath" | "hostKeys" | "release" | "login"
>;

/** The complete outputs: what was asked for, and what came of it. @param live undefined when the machine is off */
export async function outputsOf(
  host: Host,
  inputs: MachineInputs,
  facts: Facts,
  live: Element | undefined,
): Promise<Properties> {
  const addresses = await addressesOf(host, { inputs, macs: facts.macAddresses, live });
  const computed: MachineOutputs = {
    ...facts,
    addresses,
    knownHosts: knownHostsOf(addresses, facts.hostKeys),
    sshCommand: sshCommandOf(addresses[0], facts.login ?? "root", facts.hostKeys),
    waitingForRestart: pathsOf(waitingIn(live)),
  };
  return { ...inputs, ...computed };
}

/** The definition in force; undefined when the machine is off. */
export async function runningDefinition({ libvirt }: Host, uuid: string): Promise<Element | undefined> {
  const xml = await libvirt.liveDefinition("domain", uuid);
  const root = xml === undefined ? undefined : parse(xml);
  // Only a running domain has an id.
  return root?.attributes["id"] === undefined ? undefined : root;
}

/** `running` as it is; what is to be left alone is not looked at. */
export function powerOf({ running }: Pick<MachineInputs, "running">, live: Element | undefined): boolean | "leave" {
  return running === "leave" ? "leave" : live !== undefined;
}

/** @param state of the last deployment; what was installed then stays true until the next installation */
export function factsOf(
  inputs: MachineInputs,
  surroundings: Surroundings,
  installation: Installation | undefined,
  state: Properties,
): Facts {
  const { hostKeys = [], release, login } = installation ?? (state as Partial<MachineOutputs>);
  return {
    uuid: surroundings.uuid,
    macAddresses: surroundings.macs,
    volumePaths: ofVolumes(inputs, (index) => surroundings.images[index]?.path ?? ""),
    volumeFormats: ofVolumes(inputs, (index) => surroundings.images[index]?.format ?? "raw"),
    consoleLogPath: surroundings.consoleLog,
    hostKeys,
    release,
    login,
  };
}

/** Facts of the disks that are volumes, by the volume's id. */
function ofVolumes({ disks }: MachineInputs, fact: (index: number) => string): Record<string, string> {
  return Object.fromEntries(
    disks.flatMap(({ volume }, index) => (volume === undefined ? [] : [[volume, fact(index)] as const])),
  );
}

/** What the definition was made from at the last deployment. */
export function lastWanted(inputs: MachineInputs, state: Properties, surroundings: Surroundings): Wanted {
  const { volumePaths, volumeFormats, macAddresses } = savedFacts(state);
  const images = inputs.disks.map(({ volume = "", file = volumePaths[volume] ?? "", format }) => ({
    path: file,
    format: format ?? volumeFormats[volume] ?? "raw",
  }));
  return { inputs, host: { ...surroundings, images, macs: macAddresses } };
}

/** The facts of the last deployment, out of all that the state holds. */
export function savedFacts(state: Properties): Facts {
  const { uuid, macAddresses, volumePaths, consoleLogPath, hostKeys, release, login } =
    state as unknown as MachineOutputs;
  // An earlier release did not keep them.
  const { volumeFormats = {} } = state as Partial<MachineOutputs>;
  return { uuid, macAddresses, volumePaths, volumeFormats, consoleLogPath, hostKeys, release, login };
}
