import { isDeepStrictEqual } from "node:util";
import { type InputSchema, normaliseFields } from "./check";
import type { DiffResult, Properties } from "./handler";

/**
 * What a change of a field does to a running thing.
 * - `live`: applied while it runs
 * - `restart`: written to the definition; in force after the next restart
 * - `reinstall`: only the next installation uses it
 * - `replace`: a new thing takes the place of the old one
 * - `refuse`: can't be done without loss; an error at preview
 * - `setting`: concerns kvm-deploy alone; nothing on the host changes
 * - `digested`: what it changes is seen in a field that is derived from it; by itself it is never a difference
 */
export type Policy = "live" | "restart" | "reinstall" | "replace" | "refuse" | "setting" | "digested";

/** One entry a field, so that a new field without a policy does not compile. */
export type PolicyTable<Inputs> = { readonly [Field in keyof Required<Inputs>]: Policy };

/** What the preview says of a changed field, by its policy. */
export type PolicyNotes = Readonly<Partial<Record<Policy, string>>>;

/** Compares normalised inputs field by field, and says what each change does. */
export function diffByPolicy<Inputs>(
  schema: InputSchema<Inputs>,
  policies: PolicyTable<Inputs>,
  olds: Properties,
  news: Properties,
  notes: PolicyNotes = {},
): DiffResult {
  const table = policies as Readonly<Record<string, Policy>>;
  const changed = changedFields(schema, olds, news).filter((field) => table[field] !== "digested");
  const replaces = changed.filter((field) => table[field] === "replace");
  return {
    changes: changed.length > 0,
    replaces,
    notes: notesOf(changed, table, replaces.length > 0 ? "replace" : undefined, notes),
  };
}

/** The fields whose values differ; of two spellings of one value, none does. */
export function changedFields(schema: InputSchema<unknown>, olds: Properties, news: Properties): string[] {
  const before = plain(normaliseFields(schema, olds));
  const after = plain(normaliseFields(schema, news));
  return Object.keys(schema.shape).filter((field) => !isDeepStrictEqual(before[field], after[field]));
}

/** As it looks after a journey through the state: without keys whose value is undefined. */
function plain(properties: Properties): Properties {
  return JSON.parse(JSON.stringify(properties)) as Properties;
}

/** One sentence for each changed field whose policy has one; a replacement makes all others moot. */
function notesOf(
  changed: readonly string[],
  table: Readonly<Record<string, Policy>>,
  only: Policy | undefined,
  notes: PolicyNotes,
): string[] {
  return changed.flatMap((field) => {
    const policy = table[field];
    const note = policy === undefined || (only !== undefined && policy !== only) ? undefined : notes[policy];
    return note === undefined ? [] : [`${field}: ${note}`];
  });
}
