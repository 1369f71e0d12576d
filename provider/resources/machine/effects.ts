import { type Change, fieldsOf, laterKnown } from "../../resource/diff";
import type { Previewed } from "../../resource/known";
import type { MachineInputs } from "./schema/machine";

export interface Present {
  readonly name: string;
  readonly isActive: boolean;
  /** Whether the machine is off, and continues from a saved state before it is changed. */
  readonly isResumed?: boolean;
  /** Whether an installation was started that is not complete. */
  readonly isInstalled?: boolean;
  /** If it is installed again: what that does with its disks, such as `erases disks[0] (…)`. */
  readonly reinstalled?: string | undefined;
}

/** The effect of each change on the actual machine, in sentences for the preview. */
export function machineEffects(changes: readonly Change[], news: Previewed<MachineInputs>, machine: Present): string[] {
  const isReplaced = changes.some(({ policy }) => policy === "replace");
  const reported = isReplaced ? changes.filter(({ policy }) => policy === "replace") : changes;
  const paths = new Map<string, string[]>();
  for (const change of reported) {
    const { effect } = news.known((inputs) => ({ effect: effectOf(change, inputs, machine) })) ?? {
      effect: laterKnown,
    };
    if (effect !== undefined) paths.set(effect, [...(paths.get(effect) ?? []), change.path]);
  }
  // A removed item and an added one may have the same place.
  const sentences = [...paths].map(([effect, those]) => `${[...new Set(those)].join(", ")}: ${effect}`);
  return isReplaced ? sentences : [...sentences, ...startOf(changes, news, machine)];
}

/** An update starts a machine that should run, whatever else it changes. */
function startOf(
  changes: readonly Change[],
  news: Previewed<MachineInputs>,
  { name, isActive, isResumed, isInstalled, reinstalled }: Present,
): string[] {
  if (isResumed === true) return [`running: ${name} first continues from its saved state`];
  if (reinstalled !== undefined || isInstalled === true) return [];
  const isReported = changes.some(({ path }) => path === "running");
  return news.known(({ running }) => running) === true && !isActive && !isReported
    ? [`running: starts ${name}, which is off`]
    : [];
}

function effectOf(change: Change, news: MachineInputs, machine: Present): string | undefined {
  const { name } = machine;
  if (change.path === "reinstall") return reinstallEffect(news, machine);
  if (machine.reinstalled !== undefined && ["restart", "reinstall"].includes(change.policy))
    return change.path === "name" ? renameEffect(news, machine) : `in force when ${name} is installed again`;
  switch (change.policy) {
    case "live":
      return change.path === "running" ? powerEffect(change, machine) : liveEffect(change, news, machine);
    case "restart":
      if (change.path === "name") return renameEffect(news, machine);
      return `${restartEffect(news, machine)}${isOfFirmware(change) ? ", with empty variables of the firmware; what is on its disk must boot with that firmware" : ""}`;
    case "reinstall":
      if (change.path === "installer" && news.installer === undefined) return `${name} is not installed again`;
      return `waits for the next installation of ${name}; another text of \`reinstall\` installs it again`;
    case "replace":
      return "creates the machine again; an installer also installs it again and erases the disks that it installs on, which overwrite must allow";
    default:
      return undefined;
  }
}

function isOfFirmware({ path }: Change): boolean {
  return path === "firmware" || path === "secureBoot";
}

function reinstallEffect(news: MachineInputs, { name, isActive, isInstalled, reinstalled }: Present): string {
  const { reinstall, installer = "" } = news;
  if (isInstalled === true && reinstalled === undefined)
    return `the installation of ${name} that was started continues`;
  if (reinstall === undefined) return `${name} stays as it is`;
  if (reinstalled === undefined) return `${name} was installed for this text already, and is not installed again`;
  const shutDown = isActive ? `${name} is shut down${news.forceOff ? ", if necessary by force," : ""} and` : name;
  return `${shutDown} is installed again from ${installer}, which ${reinstalled}. Its UUID, addresses and host keys stay; its firmware's variables and its TPM start empty`;
}

function powerEffect({ after }: Change, { name, reinstalled }: Present): string | undefined {
  if (after === true) return reinstalled === undefined ? `starts ${name}` : undefined;
  return after === false ? `shuts ${name} down` : undefined;
}

function liveEffect(change: Change, news: MachineInputs, machine: Present): string {
  const { name } = machine;
  if (change.path === "autostart") return "changes while it runs";
  if (machine.reinstalled !== undefined) return `in force when ${name} is installed again`;
  if (!staysOn(news, machine)) return `in force when ${name} starts`;
  const isDevice = ["disks", "nics"].includes(fieldsOf([change])[0] ?? "");
  if (isDevice && change.before === undefined)
    return `attached while ${name} runs${orElse("if it has no free slot", news, machine)}`;
  if (isDevice && change.after === undefined)
    return `detached while ${name} runs${orElse("if the guest does not release it", news, machine)}${change.path.startsWith("disks") ? "; its data stay" : ""}`;
  if (change.path === "memory")
    return `changes while ${name} runs${orElse("if the guest has no balloon driver", news, machine)}`;
  return `changes while ${name} runs`;
}

/** A change that a running machine can't apply is made by a restart, if that is allowed. */
function orElse(reason: string, { allowRestart }: MachineInputs, { name }: Present): string {
  return allowRestart ? `, or restarts ${name} ${reason}` : "";
}

function restartEffect(news: MachineInputs, machine: Present): string {
  const { name } = machine;
  if (!staysOn(news, machine)) return `in force when ${name} starts`;
  return news.allowRestart
    ? `${name} restarts`
    : `waits for the next restart of ${name}; allowRestart: true does it now`;
}

function renameEffect(news: MachineInputs, machine: Present): string {
  const { name } = machine;
  return staysOn(news, machine) ? `${name} restarts under its new name` : `${name} is renamed`;
}

function staysOn({ running }: MachineInputs, { isActive }: Present): boolean {
  return isActive && running !== false;
}
