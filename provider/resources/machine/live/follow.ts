import { isDeepStrictEqual } from "node:util";
import type { Change } from "../../../diff";
import { KvmError } from "../../../errors";
import { type Element, parse, render } from "../../../format/xml";
import type { Properties } from "../../../handler";
import type { MachineInputs } from "../schema";
import { liveChanges, type LiveStep } from "./plan";
import { type Powered, turnOff } from "../guest/power";
import { runningDefinition } from "../state";
import { tagsNamespace } from "../definition/tags";
import { type Failure, takeAll, titleOf } from "./step";
import {
  changesFor,
  keepWaiting,
  keyOf,
  keysOf,
  pathsOf,
  type Waiting,
  waitingForRestart,
  waitingForStep,
  waitingIn,
} from "./waiting";

/** A running machine and what it has to follow. */
export interface Following extends Powered {
  /** The definition in force. */
  readonly live: Element;
  readonly before: Element;
  readonly changes: readonly Change[];
}

/**
 * Writes the new definition, having noted what the running machine will lack: so nothing is forgotten in whatever moment
 * the program ends.
 */
export async function redefineRunning(machine: Following, edited: Element): Promise<void> {
  const { host, live, before, changes } = machine;
  const earlier = waitingIn(live);
  const { steps, restart } = liveChanges(live, before, edited, keysOf(earlier));
  const untold = steps.filter((step) => !isSeenInDefinitions(step) && isDue(step, earlier, changes));
  const expected = [
    ...onlyRestart(earlier),
    ...waitingForRestart(restart, changes),
    ...untold.flatMap((step) => waitingStill(step, earlier, changes)),
  ];
  await note(machine, earlier, expected);
  try {
    await host.libvirt.define("domain", render(edited));
  } catch (error) {
    await note(machine, expected, earlier);
    throw error;
  }
}

/**
 * Lets the running machine follow its definition, so far as it can; restarts it for the rest where that is allowed. One that
 * has gone off meanwhile has nothing to follow: it starts with what is in its definition.
 */
export async function follow(machine: Following): Promise<"restarted" | "runs on" | "is off"> {
  const { host, uuid, inputs, context, changes } = machine;
  const { live, after } = await present(machine);
  if (live === undefined) return "is off";
  const noted = waitingIn(live);
  const { steps } = liveChanges(live, machine.before, after, keysOf(noted));
  const due = steps.filter((step) => isDue(step, noted, changes));
  const failures = await takeAll(due, machine);
  if (!(await host.libvirt.isActive("domain", uuid))) return "is off";
  const waiting = [...onlyRestart(noted), ...failures.flatMap(({ step }) => tried(waitingStill(step, noted, changes)))];
  await note(machine, noted, waiting);
  if (waiting.length > 0 && inputs.allowRestart) return restart(machine, waiting);
  const known = waitingIn(machine.live);
  const isNew = ({ step }: Failure) => changesFor(step, changes).length > 0 && !keysOf(known).includes(keyOf(step));
  if (failures.some(isNew)) throw notFollowed(machine, failures);
  if (failures.length > 0) context.warn(notFollowed(machine, failures).message);
  return "runs on";
}

const untoldKey = "untold";

/**
 * The outputs of a running machine by what is in force and what is not. What it lacks without ever having been told is an
 * update's that was cut off: another one is due, also when the inputs are as they should be.
 * @param root its definition
 */
export function withLacking(outputs: Properties, live: Element | undefined, root: Element): Properties {
  if (live === undefined) return outputs;
  const noted = waitingIn(live);
  const steps = liveChanges(live, root, root, keysOf(noted)).steps.filter((step) => isDue(step, noted, []));
  const told = keysOf(noted.filter(({ isTried }) => isTried));
  const untold = steps.filter((step) => isOfInputs(step) && !told.includes(keyOf(step))).map(({ field }) => field);
  const lacking = noted.filter(({ key }) => key === undefined || steps.some((step) => keyOf(step) === key));
  return {
    ...outputs,
    waitingForRestart: pathsOf(lacking),
    ...(untold.length === 0 ? {} : { [untoldKey]: [...new Set(untold)] }),
  };
}

/** In a sentence for the preview. */
export function stillUntold({ name, running }: Pick<MachineInputs, "name" | "running">, state: Properties): string[] {
  const { [untoldKey]: untold } = state;
  if (!Array.isArray(untold) || running === false) return [];
  return [`${untold.join(", ")}: not in force yet, though in the definition; ${name} follows it`];
}

/** Other programs keep metadata there too, and a machine that was taken over while it runs has no mark in force. */
function isOfInputs(step: LiveStep): boolean {
  return step.kind !== "metadata" || step.namespace === tagsNamespace;
}

/** Whether definition and what is in force tell by themselves that it is due. What is in force alone may be another's. */
function isSeenInDefinitions({ kind }: LiveStep): boolean {
  return kind !== "detach-device" && kind !== "memory";
}

/** A guest without a balloon driver has the most of its memory in force, and no change of anything else alters that. */
function isDue(step: LiveStep, noted: readonly Waiting[], changes: readonly Change[]): boolean {
  return step.kind !== "memory" || changesFor(step, changes).length > 0 || keysOf(noted).includes(keyOf(step));
}

function tried(waiting: readonly Waiting[]): Waiting[] {
  return waiting.map((each) => ({ ...each, isTried: true }));
}

/** Under the path that it was asked for by: later changes don't name it. */
function waitingStill(step: LiveStep, noted: readonly Waiting[], changes: readonly Change[]): Waiting[] {
  const earlier = noted.filter(({ key }) => key === keyOf(step));
  return earlier.length > 0 ? earlier : waitingForStep(step, changes);
}

function onlyRestart(waiting: readonly Waiting[]): Waiting[] {
  return waiting.filter(({ key }) => key === undefined);
}

async function note({ host, uuid }: Powered, noted: readonly Waiting[], waiting: readonly Waiting[]): Promise<void> {
  if (!isDeepStrictEqual(noted, waiting)) await keepWaiting(host.libvirt, uuid, waiting);
}

/** @returns `live`: undefined when it is off by now */
async function present({ host, uuid, before }: Following): Promise<{ live: Element | undefined; after: Element }> {
  const [live, defined] = await Promise.all([runningDefinition(host, uuid), host.libvirt.definition("domain", uuid)]);
  return { live, after: defined === undefined ? before : parse(defined) };
}

async function restart(machine: Powered, waiting: readonly Waiting[]): Promise<"restarted"> {
  const { host, uuid, context } = machine;
  context.progress("restarting");
  await turnOff(machine, `what waits for its restart: ${pathsOf(waiting).join(", ")}`);
  await host.libvirt.start("domain", uuid);
  return "restarted";
}

function notFollowed({ inputs }: Powered, failures: readonly Failure[]): KvmError {
  const reasons = failures.map(({ step, reason }) => `${titleOf(step)}: ${reason}`).join("; ");
  return new KvmError("timeout", `machine "${inputs.name}" did not follow a change while it runs: ${reasons}`, {
    remedy:
      "The definition has the change, and it is in force after the next restart: restart the machine, or set allowRestart to true; `pulumi up` tries it again",
  });
}
