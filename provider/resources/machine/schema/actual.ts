import type { Element } from "../../../format/xml";
import type { Installation } from "../../../install/installation";
import type { Phase } from "../../../libvirt/mark";
import type { Context, Properties } from "../../../resource/handler";
import type { Host } from "../../../resource/host";
import type { MachineInputs, MachineOutputs } from "./machine";

/** The provider's facts about a machine, without those of a running one. They are in the state. */
export type Facts = Pick<
  MachineOutputs,
  "uuid" | "macAddresses" | "volumePaths" | "volumeFormats" | "consoleLogPath" | "hostKeys" | "release" | "login"
>;

/** The things on the host that the inputs name. Inputs and things together give the definition. */
export type OnHost = Omit<Facts, "hostKeys" | "release" | "login"> & Pick<Actual, "domainType" | "namedVolumes">;

/** A machine on the host, with the things that its inputs name. */
export interface Actual extends Facts {
  readonly domainType: "kvm" | "qemu";
  /** Whether the machine was adopted: `due` if this run adopts it, `done` if an earlier one did. */
  readonly adoption: "none" | "due" | "done";
  /** The persistent definition; undefined if there is none. */
  readonly definition: Element | undefined;
  /** The paths of the volumes that the persistent definition names, by their ids. */
  readonly namedVolumes?: Readonly<Record<string, string>>;
  /** The definition in force; undefined if the machine is off. */
  readonly live: Element | undefined;
  /** Whether a start continues from a saved state, whatever the definition says. */
  readonly hasSavedState: boolean;
  /** Whether the machine was shut down for its new name. */
  readonly wasTurnedOff: boolean;
  /** Files outside of kvm-deploy's own directories that the next start creates. They are deleted with the machine. */
  readonly filesToMake: readonly string[];
  readonly progress: Progress;
  /** Whether the machine is installed again, in place of its present system. */
  readonly isReinstalled: boolean;
  /** The installation, running or complete; undefined without an installer. */
  readonly installation: Installation | undefined;
}

/** The progress of an earlier, interrupted create. */
export interface Progress {
  readonly phase: Phase | undefined;
  /** Whether its installation is running, or complete; or has failed, and no program has reported that. */
  readonly isUnderWay: boolean;
  /** Whether its installation is complete, and the installer's guest is off. */
  readonly isComplete?: boolean;
  /** Whether the content of its disk is from an earlier attempt. */
  readonly hasStarted: boolean;
}

/** The last deployment or refresh, according to the state. */
export interface Previous {
  readonly inputs: MachineInputs;
  readonly facts: Facts;
  /** The whole state. */
  readonly state: Properties;
}

/** A create or update of a machine. */
export interface Run {
  readonly host: Host;
  readonly context: Context;
  readonly desired: MachineInputs;
  readonly actual: Actual;
  /** Undefined in a create. */
  readonly previous: Previous | undefined;
}
