import { KvmError } from "../values/errors";
import { type Checked, parseInputs } from "./check";
import type { CommonInputs, ResourceDefinition } from "./definition";
import { type Change, certainOf, changesBetween, fieldsOf } from "./diff";
import type { CheckResult, Context, Failure, Properties } from "./handler";
import type { Previewed } from "./known";
import { Namesake } from "./ownership";

/** Several failures of a check at once. */
export class Refused extends Error {
  readonly failures: readonly Failure[];

  constructor(failures: readonly Failure[]) {
    super(failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n"));
    this.failures = failures;
  }
}

/** The checks that compare with the last deployment or read the host. */
export async function deepCheck<Inputs extends CommonInputs, Outputs extends object>(
  resource: ResourceDefinition<Inputs, Outputs>,
  olds: Properties,
  { inputs: properties, failures, previewed: inputs }: Checked<Inputs>,
  context: Context,
): Promise<CheckResult> {
  if (inputs === undefined) return { inputs: properties, failures };
  const isNew = Object.keys(olds).length === 0;
  const changes = isNew ? [] : certainOf(changesBetween(resource.schema, resource.policies, olds, properties));
  const changed = fieldsOf(changes);
  const isInspected = isNew || resource.inspectedFields?.some((field) => changed.includes(field)) === true;
  const before = isNew ? undefined : parseInputs(resource.schema, olds);
  const refused =
    before === undefined
      ? []
      : [...refusedChanges(changes, resource.refusal), ...((await resource.refuse?.(before, inputs, context)) ?? [])];
  // The existing thing is still that of the replaced resource.
  const seer = context.replaced === undefined ? context : { ...context, identity: context.replaced.identity };
  const found = isInspected ? await failuresOf(() => inspected(resource, inputs, seer, isNew), context) : [];
  let derived = properties;
  const wrong = await failuresOf(async () => {
    const all = await inputs.beforeUnknown((known) => Promise.resolve(resource.derive?.(known, context, before)));
    if (inputs.complete !== undefined && all !== undefined) derived = all;
  }, context);
  return { inputs: derived, failures: withoutRepetitions([...refused, ...found, ...wrong]) };
}

/**
 * If the thing may be replaced, the existing one may belong to the replaced resource, which the engine does not report.
 */
async function inspected<Inputs extends CommonInputs>(
  resource: Pick<ResourceDefinition<Inputs, object>, "inspect">,
  inputs: Previewed<Inputs>,
  context: Context,
  isNew: boolean,
): Promise<void> {
  try {
    await resource.inspect?.(inputs, context);
  } catch (error) {
    if (!(error instanceof Namesake) || !isNew) throw error;
    context.warn(error.doubt);
  }
}

/** The same failure may come from the check of the host and from `derive`: it is reported once. */
function withoutRepetitions(failures: readonly Failure[]): Failure[] {
  return [...new Map(failures.map((failure) => [`${failure.property}: ${failure.reason}`, failure])).values()];
}

function refusedChanges(changes: readonly Change[], refusal = "it is fixed at creation"): Failure[] {
  return changes
    .filter(({ policy }) => policy === "refuse")
    .map(({ path }) => ({ property: path, reason: `can't be changed: ${refusal}` }));
}

/** An error of a check is a failure, so that all failures are reported at once. */
async function failuresOf(work: () => Promise<void> | undefined, context: Context): Promise<readonly Failure[]> {
  try {
    await work();
    return [];
  } catch (error) {
    if (error instanceof Refused) return error.failures;
    if (!(error instanceof KvmError)) throw error;
    context.debug(error);
    return [{ property: error.property ?? "", reason: error.reason }];
  }
}
