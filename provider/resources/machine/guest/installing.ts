import { attributeOf, type Element } from "../../../format/xml";
import { familyOf } from "../../../install/index";
import { type Installation, parseInstallation } from "../../../install/installation";
import { devicesOf } from "../../../libvirt/domain";
import { readMark } from "../../../libvirt/mark";
import type { Host } from "../../../resource/host";
import { isInstallerLog } from "../definition/consoles";
import { installerLogEnd, installerLogOf, readerOf } from "../files/logs";
import { persistentDefinition, runningDefinition } from "../live/definitions";
import type { MachineInputs } from "../schema/machine";
import { emptyLog, ended, withText } from "./installer-log";

/** What a started installation has come to, according to its log and its guest. */
export type InstallationState =
  /** The start of the installer was interrupted. */
  | { readonly kind: "not-started" }
  | { readonly kind: "running"; readonly stage: string }
  /** Complete, but the installer has not powered off yet. */
  | { readonly kind: "ending" }
  | { readonly kind: "complete" }
  /** `isUsed`: its user has started the machine from its disk since. */
  | { readonly kind: "failed"; readonly reason: string; readonly isUsed?: boolean };

/** The state of the installation that a machine's mark records; undefined if it records none, or a complete one. */
export async function installationStateOf(
  host: Host,
  machine: Installed,
  definition: Element | undefined,
): Promise<InstallationState | undefined> {
  const mark = definition && readMark(definition);
  if (mark?.phase !== "installing" || mark.started === undefined) return undefined;
  return stateOf(host, machine, parseInstallation(mark.started.answers, "the installer's ISO"));
}

type Installed = Pick<MachineInputs, "name"> & { readonly uuid: string };

export async function stateOf(
  host: Host,
  { uuid, name }: Installed,
  started: Installation,
): Promise<InstallationState> {
  // The guest is read first, so that the log contains all output before its power-off.
  const isRunning = await runsInstaller(host, uuid);
  const meaning = { ...familyOf(started.family), mark: started.mark };
  const text = await readerOf(host.files, installerLogOf(host, { name })).next();
  const log = ended(withText(emptyLog, text, meaning), meaning);
  if (log.isComplete) return { kind: isRunning ? "ending" : "complete" };
  if (log.failure !== undefined) return { kind: "failed", reason: log.failure };
  const stage = log.stage ?? "starting the installer";
  if (isRunning) return { kind: "running", stage };
  // After the start of the installer the machine is to boot its disk next.
  const definition = await persistentDefinition(host, uuid);
  const isToStart = text === "" && definition !== undefined && isInstaller(definition);
  if (isToStart) return { kind: "not-started" };
  const isUsed = await host.libvirt.isActive("domain", uuid);
  return { kind: "failed", reason: `it ended at the stage "${stage}"`, isUsed };
}

/** Whether the machine runs from the installer's medium, and not from its disk. */
export async function runsInstaller(host: Host, uuid: string): Promise<boolean> {
  const live = await runningDefinition(host, uuid);
  return live !== undefined && isInstaller(live);
}

/** By the port of the installer's log: many installers eject their medium before they end. */
export function isInstaller(domain: Element): boolean {
  return devicesOf(domain).some((device) => isInstallerLog(device) && isInstallersPath(device));
}

function isInstallersPath(port: Element): boolean {
  return attributeOf(port, "source", "path")?.endsWith(installerLogEnd) === true;
}
