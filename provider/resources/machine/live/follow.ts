import { isDeepStrictEqual } from "node:util";
import type { Change } from "../../../resource/diff";
import { KvmError } from "../../../values/errors";
import type { Actual, Run } from "../schema/actual";
import { persistentDefinition, runningDefinition } from "./definitions";
import { type Course, isDue, onlyRestart, waitingStill } from "./due";
import { liveChanges } from "./plan";
import { type Failure, takeAll, titleOf } from "./step";
import { changesFor, keepWaiting, keyOf, keysOf, type Waiting, waitingIn } from "./waiting";

type Running = Pick<Run, "host" | "context" | "desired"> & { readonly actual: Pick<Actual, "uuid" | "live"> };

/** The changes that a running machine has not applied. */
export interface Left {
  readonly waiting: readonly Waiting[];
  readonly failures: readonly Failure[];
}

/**
 * Applies the definition to the running machine as far as possible, and records the rest.
 * @returns undefined if the machine has gone off meanwhile: then it starts with its definition
 */
export async function follow(machine: Running, { before, changes }: Course): Promise<Left | undefined> {
  const { host, actual } = machine;
  const [live, definition = before] = await Promise.all([
    runningDefinition(host, actual.uuid),
    persistentDefinition(host, actual.uuid),
  ]);
  if (live === undefined) return undefined;
  const noted = waitingIn(live);
  // Judged by what is in force now, not by the forecast.
  const { steps } = liveChanges(live, before, definition, keysOf(noted));
  const due = steps.filter((step) => isDue(step, noted, changes));
  const failures = await takeAll(due, machine);
  if (!(await host.libvirt.isActive("domain", actual.uuid))) return undefined;
  const still = failures.flatMap(({ step }) => tried(waitingStill(step, noted, changes)));
  const waiting = [...onlyRestart(noted), ...still];
  if (!isDeepStrictEqual(noted, waiting)) await keepWaiting(host.libvirt, actual.uuid, waiting);
  return { waiting, failures };
}

function tried(waiting: readonly Waiting[]): Waiting[] {
  return waiting.map((each) => ({ ...each, isTried: true }));
}

/** @throws KvmError for the changes of this update; failed changes of earlier ones are a warning */
export function reportFailures(
  { desired, actual, context }: Running,
  failures: readonly Failure[],
  changes: readonly Change[],
): void {
  const known = keysOf(waitingIn(actual.live));
  const isNew = ({ step }: Failure) => changesFor(step, changes).length > 0 && !known.includes(keyOf(step));
  const error = notFollowed(desired.name, failures);
  if (failures.some(isNew)) throw error;
  context.warn(error.message);
}

function notFollowed(name: string, failures: readonly Failure[]): KvmError {
  const reasons = failures.map(({ step, reason }) => `${titleOf(step)}: ${reason}`).join("; ");
  return new KvmError("timeout", `machine "${name}" did not apply a change while it runs: ${reasons}`, {
    remedy:
      "The change is in the definition, and in force after the next restart: restart the machine, or set allowRestart to true. `pulumi up` tries it again",
  });
}
