import { isDeepStrictEqual } from "node:util";
import type { Change } from "../../diff";
import { KvmError } from "../../errors";
import { type Element, parse, render } from "../../format/xml";
import { liveChanges, type LiveStep } from "./live";
import { type Powered, turnOff } from "./power";
import { type Failure, takeAll, titleOf } from "./step";
import {
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
  const unplugged = steps.filter(({ kind }) => kind === "detach-device");
  const expected = [
    ...onlyRestart(earlier),
    ...waitingForRestart(restart, changes),
    ...unplugged.flatMap((step) => waitingStill(step, earlier, changes)),
  ];
  await note(machine, earlier, expected);
  try {
    await host.libvirt.define("domain", render(edited));
  } catch (error) {
    await note(machine, expected, earlier);
    throw error;
  }
}

/** Lets the running machine follow its definition, so far as it can; restarts it for the rest where that is allowed. */
export async function follow(machine: Following): Promise<"restarted" | "runs on"> {
  const { inputs, context, changes } = machine;
  const { live, after } = await present(machine);
  const noted = waitingIn(live);
  const { steps } = liveChanges(live, machine.before, after, keysOf(noted));
  const failures = await takeAll(steps, machine);
  const waiting = [...onlyRestart(noted), ...failures.flatMap(({ step }) => waitingStill(step, noted, changes))];
  await note(machine, noted, waiting);
  if (waiting.length > 0 && inputs.allowRestart) return restart(machine, waiting);
  const isKnown = ({ step }: Failure) => keysOf(waitingIn(machine.live)).includes(keyOf(step));
  if (!failures.every(isKnown)) throw notFollowed(machine, failures);
  if (failures.length > 0) context.warn(notFollowed(machine, failures).message);
  return "runs on";
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

async function present({ host, uuid, live, before }: Following): Promise<{ live: Element; after: Element }> {
  const [inForce, defined] = await Promise.all([
    host.libvirt.liveDefinition("domain", uuid),
    host.libvirt.definition("domain", uuid),
  ]);
  return {
    live: inForce === undefined ? live : parse(inForce),
    after: defined === undefined ? before : parse(defined),
  };
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
