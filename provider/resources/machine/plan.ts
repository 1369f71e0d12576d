import type { Phase } from "../../libvirt/mark";
import type { MachineInputs } from "./schema";

export type MachineStep =
  /** Gives the NICs with a fixed address that address by DHCP. */
  | "reserve-addresses"
  | "define"
  /** Empties the installer's log and starts from its medium. */
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
  readonly isActive: boolean;
  /** Whether the guest has written the mark of a complete installation. */
  readonly isInstalled: boolean;
}

export const nothingYet: Progress = { phase: undefined, isActive: false, isInstalled: false };

/** What is still to be done: of a create that was cut off, only the rest. @param discards the installer's ISO at the end */
export function planCreate(
  { installer, wait, running }: Pick<MachineInputs, "installer" | "wait" | "running">,
  progress: Progress,
  discards = false,
): MachineStep[] {
  return [
    ...(progress.phase === undefined ? (["define"] as const) : []),
    "reserve-addresses",
    ...installationSteps(installer !== undefined, progress),
    "set-autostart",
    ...(running === false ? [] : (["start"] as const)),
    ...(wait === "ssh" ? (["await-ssh"] as const) : []),
    ...(discards ? (["discard-installer"] as const) : []),
  ];
}

function installationSteps(hasInstaller: boolean, { phase, isActive, isInstalled }: Progress): MachineStep[] {
  const needed = phase === undefined ? hasInstaller : phase === "installing";
  if (!needed) return [];
  const isUnderWay = phase === "installing" && (isActive || isInstalled);
  return [...(isUnderWay ? [] : (["start-installation"] as const)), "await-installation", "finish-installation"];
}
