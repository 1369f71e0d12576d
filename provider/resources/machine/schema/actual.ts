import type { Element } from "../../../format/xml";
import type { Installation } from "../../../install/installation";
import type { Phase } from "../../../libvirt/mark";
import type { Context, Properties } from "../../../resource/handler";
import type { Host } from "../../../resource/host";
import type { MachineInputs, MachineOutputs } from "./machine";

/** What the provider itself knows of a machine, beside what only a running one has. The state keeps it. */
export type Facts = Pick<
  MachineOutputs,
  "uuid" | "macAddresses" | "volumePaths" | "volumeFormats" | "consoleLogPath" | "hostKeys" | "release" | "login"
>;

/** What stands on the host for what the inputs name: of both a definition is made. */
export type OnHost = Omit<Facts, "hostKeys" | "release" | "login"> & Pick<Actual, "domainType">;

/** A machine as it is on the host, and what stands there for what its inputs name. */
export interface Actual extends Facts {
  readonly domainType: "kvm" | "qemu";
  /** Whether it was made by others: `due` when it is only now taken over, `done` when that was written already. */
  readonly adoption: "none" | "due" | "done";
  /** The persistent definition; undefined while there is none. */
  readonly definition: Element | undefined;
  /** The definition in force; undefined while the machine is off. */
  readonly live: Element | undefined;
  /** Whether a start goes on from a saved state, whatever the definition says. */
  readonly hasSavedState: boolean;
  /** Whether it was turned off to get its new name. */
  readonly wasTurnedOff: boolean;
  /** Files that its next start makes, outside of kvm-deploy's own directories: they go with the machine. */
  readonly filesToMake: readonly string[];
  readonly progress: Progress;
  /** What is being installed, or was; undefined when nothing is to be. */
  readonly installation: Installation | undefined;
}

/** How far an earlier create came before it was cut off. */
export interface Progress {
  readonly phase: Phase | undefined;
  /** Whether its installation goes on, or is complete. */
  readonly isUnderWay: boolean;
  /** Whether what lies on its disk is an earlier attempt's. */
  readonly hasStarted: boolean;
}

/** The last deployment or refresh, as the state has it. */
export interface Previous {
  readonly inputs: MachineInputs;
  readonly facts: Facts;
  /** All of it. */
  readonly state: Properties;
}

/** One create or update of a machine. */
export interface Run {
  readonly host: Host;
  readonly context: Context;
  readonly desired: MachineInputs;
  readonly actual: Actual;
  /** Undefined in a create. */
  readonly previous: Previous | undefined;
}
