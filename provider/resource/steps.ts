/** What carries out each kind of step. */
export type Runners<Step extends { readonly kind: string }, Run> = {
  readonly [Kind in Step["kind"]]: (step: Extract<Step, { readonly kind: Kind }>, run: Run) => Promise<void>;
};

/** One after the other; the first failure is the end. */
export async function runSteps<Step extends { readonly kind: string }, Run>(
  steps: readonly Step[],
  runners: Runners<Step, Run>,
  run: Run,
): Promise<void> {
  for (const step of steps) await runnerOf(step, runners)(step, run);
}

function runnerOf<Step extends { readonly kind: string }, Run>(
  { kind }: Step,
  runners: Runners<Step, Run>,
): (step: Step, run: Run) => Promise<void> {
  // By its kind, a runner gets its own steps alone: no type can say so of a union.
  return runners[kind as Step["kind"]] as (step: Step, run: Run) => Promise<void>;
}
