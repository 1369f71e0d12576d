import type { Phase } from "../../libvirt/mark";
import type { MachineInputs } from "./schema";

export type MachineStep =
  /** Refuses to go on when the installation would erase what nobody has named for it. */
  | "require-empty-disk"
  /** Gives the NICs with a fixed address that address by DHCP. */
  | "reserve-addresses"
  | "define"
  /** Notes from what, empties the installer's log and starts from its medium. */
  | "start-installation"
  | "await-installation"
  /** Takes the medium out and makes the disk boot. */
  | "finish-installation"
  | "set-autostart"
  | "start"
  | "await-ssh"
  /** Deletes the ISO that it was installed from. */
  | "discard-installer";

/** How far an earlier create came before it was cut off. */
export interface Progress {
  readonly phase: Phase | undefined;
  /** Whether its installation goes on, or is complete. */
  readonly isUnderWay: boolean;
  /** Whether what lies on its disk is an earlier attempt's. */
  readonly hasBegun: boolean;
}

export const nothingYet: Progress = { phase: undefined, isUnderWay: false, hasBegun: false };

/** What is still to be done: of a create that was cut off, only the rest. @param discards the installer's ISO at the end */
export function planCreate(
  { installer, wait, running, overwrite }: Pick<MachineInputs, "installer" | "wait" | "running" | "overwrite">,
  progress: Progress,
  discards = false,
): MachineStep[] {
  const installation = installationSteps(installer !== undefined, progress);
  const erases = installation.includes("start-installation") && !overwrite && !progress.hasBegun;
  return [
    ...(erases ? (["require-empty-disk"] as const) : []),
    ...(progress.phase === undefined ? (["define"] as const) : []),
    "reserve-addresses",
    ...installation,
    "set-autostart",
    ...(running === false ? [] : (["start"] as const)),
    ...(wait === "ssh" ? (["await-ssh"] as const) : []),
    ...(discards ? (["discard-installer"] as const) : []),
  ];
}

function installationSteps(hasInstaller: boolean, { phase, isUnderWay }: Progress): MachineStep[] {
  const needed = phase === undefined ? hasInstaller : phase === "installing";
  if (!needed) return [];
  return [...(isUnderWay ? [] : (["start-installation"] as const)), "await-installation", "finish-installation"];
}
