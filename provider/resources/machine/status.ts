import type { Host } from "../../resource/host";
import { addressesOf } from "./guest/addresses";
import { type InstallationState, installationStateOf } from "./guest/installing";
import { persistentDefinition, runningDefinition } from "./live/definitions";
import { pathsOf, waitingIn } from "./live/waiting";
import type { MachineInputs, MachineOutputs } from "./schema/machine";

/** A machine as its state has it. */
export type Deployed = Pick<MachineInputs, "name" | "nics" | "running"> &
  Pick<MachineOutputs, "uuid" | "macAddresses" | "release" | "installation">;

/** A machine as it is now. */
export interface MachineStatus {
  /** As libvirt says it, such as `running` or `shut off`; `missing` if it does not exist. */
  readonly state: string;
  readonly addresses: readonly string[];
  /** The installation as far as it is; undefined if there was none. */
  readonly phase: string | undefined;
  /** Property paths of the changes that wait for a restart. */
  readonly waiting: readonly string[];
  /** Whether it is not as it should be. */
  readonly needsAttention: boolean;
}

/** Reads a machine's status from its host; never waits for the guest. */
export async function statusOf(host: Host, machine: Deployed): Promise<MachineStatus> {
  const { uuid, macAddresses, running } = machine;
  const domain = await host.libvirt.domainState(uuid);
  if (domain === undefined)
    return { state: "missing", addresses: [], phase: undefined, waiting: [], needsAttention: true };
  const [live, definition] = await Promise.all([runningDefinition(host, uuid), persistentDefinition(host, uuid)]);
  const [addresses, installation] = await Promise.all([
    addressesOf(host, machine, { macAddresses, live }),
    installationStateOf(host, machine, definition),
  ]);
  const waiting = pathsOf(waitingIn(live));
  const isOff = running === true && live === undefined;
  return {
    state: domain.state,
    addresses: installation === undefined ? addresses : [],
    phase: phaseOf(installation, machine),
    waiting,
    needsAttention: waiting.length > 0 || installation?.kind === "failed" || (isOff && installation === undefined),
  };
}

function phaseOf(installation: InstallationState | undefined, machine: Deployed): string | undefined {
  switch (installation?.kind) {
    case undefined:
      return machine.release === undefined ? undefined : "installed";
    case "running":
      return `installing: ${installation.stage}`;
    case "ending":
    case "complete":
      return "installed; the next `up` completes it";
    case "failed":
      return `failed: ${installation.reason}`;
    case "not-started":
      return "to be installed";
  }
}
