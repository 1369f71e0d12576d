import type { Element } from "../../../format/xml";
import type { Change } from "../../../resource/diff";
import { liveChanges, type LiveStep } from "./plan";
import { changesFor, keyOf, keysOf, type Waiting, waitingForRestart, waitingForStep, waitingIn } from "./waiting";

/** What a running machine is to follow. */
export interface Course {
  /** Its definition before it was changed. */
  readonly before: Element;
  readonly changes: readonly Change[];
}

/**
 * What a running machine lacks as soon as its new definition is written. It is noted before that, so that nothing is
 * forgotten at whatever moment the program ends.
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

/** A guest without a balloon driver has the most of its memory in force, and no change of anything else alters that. */
export function isDue(step: LiveStep, noted: readonly Waiting[], changes: readonly Change[]): boolean {
  return step.kind !== "memory" || changesFor(step, changes).length > 0 || keysOf(noted).includes(keyOf(step));
}

/** Under the path that it was asked for by: later changes don't name it. */
export function waitingStill(step: LiveStep, noted: readonly Waiting[], changes: readonly Change[]): Waiting[] {
  const earlier = noted.filter(({ key }) => key === keyOf(step));
  return earlier.length > 0 ? earlier : waitingForStep(step, changes);
}

export function onlyRestart(waiting: readonly Waiting[]): Waiting[] {
  return waiting.filter(({ key }) => key === undefined);
}

/** Whether definition and what is in force tell by themselves that it is due. What is in force alone may be another's. */
function isSeenInDefinitions({ kind }: LiveStep): boolean {
  return kind !== "detach-device" && kind !== "memory";
}
