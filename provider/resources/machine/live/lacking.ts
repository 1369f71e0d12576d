import type { Element } from "../../../format/xml";
import type { Properties } from "../../../resource/handler";
import { tagsNamespace } from "../definition/tags";
import type { MachineInputs } from "../schema/machine";
import { isDue } from "./due";
import { liveChanges, type LiveStep } from "./plan";
import { keyOf, keysOf, pathsOf, waitingIn } from "./waiting";

const untoldKey = "untold";

/**
 * The outputs of a running machine from what is in force and what is not. A missing change without a recorded attempt
 * belongs to an interrupted update: another update is due, even without changed inputs.
 */
export function withLacking(outputs: Properties, live: Element | undefined, definition: Element): Properties {
  if (live === undefined) return outputs;
  const noted = waitingIn(live);
  const changes = liveChanges(live, definition, definition, keysOf(noted));
  const steps = changes.steps.filter((step) => isDue(step, noted, []));
  const reported = keysOf(noted.filter(({ isTried }) => isTried));
  const unreported = steps
    .filter((step) => isOfInputs(step) && !reported.includes(keyOf(step)))
    .map(({ field }) => field);
  const lacking = noted.filter(({ key }) => key === undefined || steps.some((step) => keyOf(step) === key));
  return {
    ...outputs,
    waitingForRestart: pathsOf(lacking),
    ...(unreported.length === 0 ? {} : { [untoldKey]: [...new Set(unreported)] }),
  };
}

/** The missing changes in a sentence for the preview. */
export function stillUntold({ name, running }: Pick<MachineInputs, "name" | "running">, state: Properties): string[] {
  const { [untoldKey]: unreported } = state;
  if (!Array.isArray(unreported) || running === false) return [];
  return [`${unreported.join(", ")}: in the definition, but not in force yet; ${name} gets it`];
}

/** Other programs also keep metadata there, and a machine that was adopted while it runs has no mark in force. */
function isOfInputs(step: LiveStep): boolean {
  return step.kind !== "metadata" || step.namespace === tagsNamespace;
}
