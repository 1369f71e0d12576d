import { isDeepStrictEqual } from "node:util";
import { type Element, render } from "../../format/xml";
import { readMark } from "../../libvirt/mark";
import { type Change, changesBetween, fieldsOf } from "../../resource/diff";
import type { Owner } from "../../values/identity";
import { firmwareIn } from "./definition/board";
import { updated } from "./definition/edit";
import { ready, reinstalling } from "./definition/ready";
import { type Reservation, reservationsOf } from "./guest/reservation";
import { isGone } from "./live/definitions";
import { type Course, lackingOnce } from "./live/due";
import type { Left } from "./live/follow";
import { type Waiting, waitingIn } from "./live/waiting";
import { machinePolicies } from "./policy";
import { machineInputs } from "./schema";
import type { Actual, Previous } from "./schema/actual";
import type { MachineDisk, MachineInputs } from "./schema/machine";

export type MachineStep =
  /** Marks an adopted machine as the resource's; everything else stays as it is. */
  | { readonly kind: "take-over" }
  /** Refuses to go on when the machine is too small for its installer. */
  | { readonly kind: "require-room" }
  /** Refuses to go on when the installation would erase what nobody has named for it. */
  | { readonly kind: "require-empty-disk"; readonly named: readonly MachineDisk[] }
  | { readonly kind: "define-new" }
  /** Notes what a running machine will lack when its new definition is written. */
  | { readonly kind: "note"; readonly waiting: readonly Waiting[] }
  /** Writes an edited definition. What was noted before is noted again when libvirt refuses it. */
  | { readonly kind: "define"; readonly definition: Element; readonly notedBefore?: readonly Waiting[] }
  /** Records that the installed system is to be erased, before anything is done for it. */
  | { readonly kind: "record-reinstallation"; readonly definition: Element }
  /** Gives the NICs with a fixed address that address by DHCP. */
  | { readonly kind: "reserve"; readonly reservations: readonly Reservation[] }
  | { readonly kind: "release"; readonly reservation: Reservation }
  | { readonly kind: "make-log" }
  /** Notes from what, empties the installer's log and starts from its medium. */
  | { readonly kind: "start-installation" }
  /** Whoever starts the machine now boots its disk, and does not install it again. */
  | { readonly kind: "boot-disk-next" }
  | { readonly kind: "await-installation" }
  /** Ends an installer that the program has no more. */
  | { readonly kind: "stop-installer" }
  /** Leaves the installer to itself, unless it has failed. */
  | { readonly kind: "leave-installation" }
  /** Takes the medium out and makes the disk boot. */
  | { readonly kind: "finish-installation" }
  | { readonly kind: "set-autostart"; readonly on: boolean }
  /** `isFirst`: no variables of the firmware of an earlier machine of its name, or of another firmware, may be in force. */
  | { readonly kind: "start"; readonly isFirst: boolean }
  | { readonly kind: "turn-off" }
  /** Starts a machine that goes on from its saved state, and plans the rest by what is in force then. */
  | { readonly kind: "resume-and-plan-again" }
  /** Changes a running machine where it differs from its definition by then, and plans what follows from that. */
  | ({ readonly kind: "look-again-and-follow" } & Course)
  /** Reports what a machine that runs on has not followed. */
  | ({ readonly kind: "report-failures"; readonly changes: readonly Change[] } & Pick<Left, "failures">)
  | { readonly kind: "restart"; readonly waiting: readonly Waiting[] }
  | { readonly kind: "await-ssh" }
  /** Deletes the ISO that it was installed from. */
  | { readonly kind: "discard-installer" }
  /** The last step: until then the text in the machine's mark shows that the others may be left. */
  | { readonly kind: "forget-reinstallation" };

type WantedByCreate = Pick<
  MachineInputs,
  "installer" | "reinstall" | "wait" | "running" | "overwrite" | "autostart" | "nics"
>;
type SeenByCreate = Pick<Actual, "adoption" | "definition" | "progress" | "installation" | "macAddresses">;

/** The remaining steps: those that an interrupted create has not done. */
export function planCreate(desired: WantedByCreate, actual: SeenByCreate): MachineStep[] {
  const { adoption, progress, installation } = actual;
  if (adoption !== "none") return adoption === "due" ? [{ kind: "take-over" }] : [];
  const installs = installationSteps(desired, progress);
  const starts = installs.some(({ kind }) => kind === "start-installation");
  const erases = starts && !desired.overwrite && !progress.hasStarted;
  const isFirst = actual.definition === undefined && installation === undefined;
  const isLeft = installs.some(({ kind }) => kind === "leave-installation");
  const first: MachineStep[] = [
    ...only(starts, { kind: "require-room" }),
    ...only(erases, { kind: "require-empty-disk", named: [] }),
    // Its mark names the things created for it, so that nothing is forgotten.
    ...only(progress.phase === undefined, { kind: "define-new" }),
    reserving(desired, actual),
    // With the host, the installer would start again, also after its end.
    ...only(progress.phase === "reinstalling", { kind: "set-autostart", on: false }),
    ...installs,
  ];
  if (isLeft) return first;
  return [
    ...first,
    { kind: "set-autostart", on: desired.autostart },
    ...only(desired.running !== false, { kind: "start", isFirst }),
    ...only(desired.wait === "ssh", { kind: "await-ssh" }),
    ...only(installation !== undefined, { kind: "discard-installer" }),
    ...only(isWithdrawn(desired, actual), { kind: "forget-reinstallation" }),
  ];
}

/** Whether the program has removed the text while the machine was being installed for it. */
function isWithdrawn(
  { reinstall }: Pick<MachineInputs, "reinstall">,
  { definition }: Pick<Actual, "definition">,
): boolean {
  const mark = definition && readMark(definition);
  return reinstall === undefined && mark?.reinstall !== undefined;
}

function installationSteps(
  { installer, wait }: Pick<WantedByCreate, "installer" | "wait">,
  { phase, isUnderWay, isComplete = false }: Actual["progress"],
): MachineStep[] {
  if (phase === "ready") return [];
  if (installer === undefined)
    return phase === undefined ? [] : [{ kind: "stop-installer" }, { kind: "finish-installation" }];
  const started: MachineStep[] = [...only(!isUnderWay, { kind: "start-installation" }), { kind: "boot-disk-next" }];
  if (wait === "nothing" && !isComplete) return [...started, { kind: "leave-installation" }];
  return [...started, { kind: "await-installation" }, { kind: "finish-installation" }];
}

type SeenByUpdate = Omit<Actual, "adoption" | "progress" | "installation">;

/**
 * Changes a machine with its desired name to its inputs. The definition comes first: the machine with the MAC address
 * owns a reservation, so it reserves after that, and releases the previous ones last.
 */
export function planUpdate(
  desired: MachineInputs,
  actual: SeenByUpdate,
  previous: Previous,
  owner: Owner,
): MachineStep[] {
  const { definition: before, live } = actual;
  if (before === undefined) throw isGone(desired);
  const addresses = [reserving(desired, actual), ...releasing(desired, actual, previous)];
  // During an installation its definition stays; its end applies the changes. A machine whose mark was lost by a
  // definition by hand is identified by its UUID, and gets a mark again.
  if (isInstalling(before)) return addresses;
  const { isReinstalled, hasSavedState } = actual;
  // Its saved memory may contain what is not on its other disks yet.
  if (hasSavedState && (desired.running === true || isReinstalled)) return [{ kind: "resume-and-plan-again" }];
  // The old system runs, and keeps its definition, until the machine's turn to be installed has come.
  if (isReinstalled)
    return [
      { kind: "require-room" },
      ...only(!desired.overwrite, { kind: "require-empty-disk", named: previous.inputs.disks }),
      {
        kind: "record-reinstallation",
        definition: reinstalling(before, owner, actual.filesToMake, desired.reinstall),
      },
      ...addresses,
      { kind: "make-log" },
    ];
  const changes = changesBetween(machineInputs, machinePolicies, previous.state, { ...desired });
  const edited = updated(before, desired, actual, previous);
  const definition = ready(edited, owner, actual.filesToMake, keptReinstall(desired, before));
  return [
    ...(live === undefined || desired.running === false
      ? only(render(definition) !== render(before), { kind: "define", definition })
      : redefining(definition, live, { before, changes })),
    ...addresses,
    // Its file may be another one now, whose directory must exist before the machine starts.
    { kind: "make-log" },
    // A reinstallation that was requested and withdrawn may have switched it off.
    ...only(fieldsOf(changes).includes("autostart") || readMark(before)?.phase === "reinstalling", {
      kind: "set-autostart",
      on: desired.autostart,
    }),
    ...bringingIntoForce(desired, actual, { before, changes }, hasOtherFirmware(before, definition)),
  ];
}

/** The text of the last installation counts only as long as the inputs have it: given again, it is another request. */
function keptReinstall({ reinstall }: Pick<MachineInputs, "reinstall">, before: Element): string | undefined {
  return readMark(before)?.reinstall === reinstall ? reinstall : undefined;
}

function hasOtherFirmware(before: Element, after: Element): boolean {
  return !isDeepStrictEqual(firmwareIn(before), firmwareIn(after));
}

/** The missing changes are recorded first, so that nothing is forgotten whenever the program ends. */
function redefining(definition: Element, live: Element, course: Course): MachineStep[] {
  const [notedBefore, waiting] = [waitingIn(live), lackingOnce(definition, live, course)];
  return isDeepStrictEqual(notedBefore, waiting)
    ? [{ kind: "define", definition }]
    : [
        { kind: "note", waiting },
        { kind: "define", definition, notedBefore },
      ];
}

function bringingIntoForce(
  desired: Pick<MachineInputs, "running" | "wait">,
  { live, wasTurnedOff }: Pick<Actual, "live" | "wasTurnedOff">,
  course: Course,
  isFirst: boolean,
): MachineStep[] {
  if (live !== undefined)
    return desired.running === false ? [{ kind: "turn-off" }] : [{ kind: "look-again-and-follow", ...course }];
  const start = { kind: "start", isFirst } as const;
  return [...startingIfDesired(desired, start), ...only(wasTurnedOff && desired.running === "leave", start)];
}

/**
 * @param left the changes that were not applied; undefined if the machine went off: then it starts with its definition
 */
export function planAfterFollowing(
  desired: Pick<MachineInputs, "running" | "wait" | "allowRestart">,
  left: Left | undefined,
  changes: readonly Change[],
): MachineStep[] {
  if (left === undefined) return startingIfDesired(desired);
  const { waiting, failures } = left;
  if (waiting.length > 0 && desired.allowRestart) return [{ kind: "restart", waiting }, ...awaiting(desired)];
  return only(failures.length > 0, { kind: "report-failures", failures, changes });
}

const started = { kind: "start", isFirst: false } as const;

function startingIfDesired(
  desired: Pick<MachineInputs, "running" | "wait">,
  start: MachineStep = started,
): MachineStep[] {
  return desired.running === true ? [start, ...awaiting(desired)] : [];
}

function awaiting({ wait }: Pick<MachineInputs, "wait">): MachineStep[] {
  return only(wait === "ssh", { kind: "await-ssh" });
}

function reserving(desired: Pick<MachineInputs, "nics">, { macAddresses }: Pick<Actual, "macAddresses">) {
  return { kind: "reserve", reservations: reservationsOf(desired, macAddresses) } as const;
}

/** The reservations of the last deployment that this one doesn't have. */
function releasing(
  desired: Pick<MachineInputs, "nics">,
  { macAddresses }: Pick<Actual, "macAddresses">,
  { inputs, facts }: Previous,
): MachineStep[] {
  const kept = reservationsOf(desired, macAddresses);
  const isKept = (old: Reservation) => kept.some(({ network, mac }) => network === old.network && mac === old.mac);
  return reservationsOf(inputs, facts.macAddresses)
    .filter((old) => !isKept(old))
    .map((reservation) => ({ kind: "release", reservation }));
}

export function isInstalling(definition: Element): boolean {
  return readMark(definition)?.phase === "installing";
}

function only(isSo: boolean, step: MachineStep): MachineStep[] {
  return isSo ? [step] : [];
}
