/** What carries out each kind of step. */
export type Runners<Step extends { readonly kind: string }, Run> = {
  readonly [Kind in Step["kind"]]: (step: Extract<Step, { readonly kind: Kind }>, run: Run) => Promise<void>;
};

/** Carries out a plan: one step after the other, in the order that the plan has. */
export async function runSteps<Step extends { readonly kind: string }, Run>(
  steps: readonly Step[],
  runners: Runners<Step, Run>,
  run: Run,
): Promise<void> {
  for (const step of steps) await runnerOf(runners, step)(step, run);
}

/** TypeScript does not follow that the runner of a step's own kind takes that step. */
function runnerOf<Step extends { readonly kind: string }, Run>(runners: Runners<Step, Run>, step: Step) {
  return runners[step.kind as Step["kind"]] as (step: Step, run: Run) => Promise<void>;
}
