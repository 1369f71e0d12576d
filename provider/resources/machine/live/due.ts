import type { Element } from "../../../format/xml";
import type { Change } from "../../../resource/diff";
import { liveChanges, type LiveStep } from "./plan";
import { changesFor, keyOf, keysOf, type Waiting, waitingForRestart, waitingForStep, waitingIn } from "./waiting";

/** What a running machine should apply. */
export interface Course {
  /** Its definition before the change. */
  readonly before: Element;
  readonly changes: readonly Change[];
}

/**
 * The changes that a running machine is missing as soon as its new definition is written. They are recorded before
 * that, so that nothing is forgotten whenever the program ends.
 */
export function lackingOnce(edited: Element, live: Element, { before, changes }: Course): Waiting[] {
  const earlier = waitingIn(live);
  const { steps, restart } = liveChanges(live, before, edited, keysOf(earlier));
  const unreported = steps.filter((step) => !isSeenInDefinitions(step) && isDue(step, earlier, changes));
  return [
    ...onlyRestart(earlier),
    ...waitingForRestart(restart, changes),
    ...unreported.flatMap((step) => waitingStill(step, earlier, changes)),
  ];
}

/** A guest without a balloon driver has its maximum memory in force, and other changes don't alter that. */
export function isDue(step: LiveStep, noted: readonly Waiting[], changes: readonly Change[]): boolean {
  return step.kind !== "memory" || changesFor(step, changes).length > 0 || keysOf(noted).includes(keyOf(step));
}

/** Recorded under the path of the changed input, because later changes don't name it. */
export function waitingStill(step: LiveStep, noted: readonly Waiting[], changes: readonly Change[]): Waiting[] {
  const earlier = noted.filter(({ key }) => key === keyOf(step));
  return earlier.length > 0 ? earlier : waitingForStep(step, changes);
}

export function onlyRestart(waiting: readonly Waiting[]): Waiting[] {
  return waiting.filter(({ key }) => key === undefined);
}

/**
 * Whether the definition and what is in force show that the change is due. A device only in force may be another
 * program's.
 */
function isSeenInDefinitions({ kind }: LiveStep): boolean {
  return kind !== "detach-device" && kind !== "memory";
}
