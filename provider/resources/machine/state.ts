import type { Properties } from "../../handler";
import type { Host } from "../../host/index";
import type { Installation } from "../../install/installation";
import { addressesOf } from "./addresses";
import type { Wanted } from "./edit";
import type { MachineInputs, MachineOutputs } from "./schema";
import { knownHostsOf, sshCommandOf } from "./ssh";
import type { Surroundings } from "./xml";

/** What the provider itself knows of a machine, beside its addresses. */
export type Facts = Pick<
  MachineOutputs,
  "uuid" | "macAddresses" | "volumePaths" | "consoleLogPath" | "hostKeys" | "release" | "login"
>;

/** The complete outputs: what was asked for, and what came of it. */
export async function outputsOf(host: Host, inputs: MachineInputs, facts: Facts): Promise<Properties> {
  const addresses = (await addressesOf(host.libvirt, inputs, facts.macAddresses)).filter(
    (address) => address !== undefined,
  );
  const computed: MachineOutputs = {
    ...facts,
    addresses,
    knownHosts: knownHostsOf(addresses, facts.hostKeys),
    sshCommand: sshCommandOf(addresses[0], facts.login ?? "root", facts.hostKeys),
  };
  return { ...inputs, ...computed };
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
    volumePaths: Object.fromEntries(
      inputs.disks.flatMap(({ volume }, index) =>
        volume === undefined ? [] : [[volume, surroundings.images[index]?.path ?? ""]],
      ),
    ),
    consoleLogPath: surroundings.consoleLog,
    hostKeys,
    release,
    login,
  };
}

/** What the definition was made from at the last deployment. */
export function lastWanted(inputs: MachineInputs, state: Properties, surroundings: Surroundings): Wanted {
  const { volumePaths, macAddresses } = savedFacts(state);
  const images = inputs.disks.map(({ volume, file = volumePaths[volume ?? ""] ?? "", format = "raw" }) => ({
    path: file,
    format,
  }));
  return { inputs, host: { ...surroundings, images, macs: macAddresses } };
}

/** The facts of the last deployment, out of all that the state holds. */
export function savedFacts(state: Properties): Facts {
  const { uuid, macAddresses, volumePaths, consoleLogPath, hostKeys, release, login } =
    state as unknown as MachineOutputs;
  return { uuid, macAddresses, volumePaths, consoleLogPath, hostKeys, release, login };
}
