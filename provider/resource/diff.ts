import { isDeepStrictEqual } from "node:util";
import { type InputSchema, normaliseFields } from "./check";
import type { Properties } from "./handler";
import { containsUnknown, Previewed } from "./known";
import type { AnyPolicy, Depends, Items, Parts, Policy, PolicyTable } from "./policy";

/** One changed field, at any depth, and the effect of the change. */
export interface Change {
  /** Property path such as `nics[1].link`, with the new inputs' indices; for a removed item, with the old ones'. */
  readonly path: string;
  readonly policy: Policy;
  readonly before: unknown;
  readonly after: unknown;
  /** Set if a value that is unknown at preview decides whether there is a change, or its effect. */
  readonly isUncertain?: true;
}

/** Compares normalised inputs field by field; two spellings of one value are no change. */
export function changesBetween<Inputs>(
  schema: InputSchema<Inputs>,
  policies: PolicyTable<Inputs>,
  olds: Properties,
  news: Properties,
): Change[] {
  const before = plain(normaliseFields(schema, olds));
  const after = plain(normaliseFields(schema, news));
  const decide = (policy: Policy | Depends<unknown>) =>
    typeof policy === "string" ? { policy } : decided(policy, before, after);
  const table = policies as Readonly<Record<string, AnyPolicy>>;
  return Object.keys(schema.shape).flatMap((field) =>
    changesOf(field, table[field] ?? "live", before[field], after[field], decide),
  );
}

export function certainOf(changes: readonly Change[]): Change[] {
  return changes.filter(({ isUncertain }) => isUncertain !== true);
}

/** As it looks after a round trip through the state: without keys whose value is undefined. */
function plain(properties: Properties): Properties {
  return JSON.parse(JSON.stringify(properties)) as Properties;
}

type Decision = Pick<Change, "policy" | "isUncertain">;
type Decide = (policy: Policy | Depends<unknown>) => Decision;

function decided({ decide, most }: Depends<unknown>, before: Properties, after: Properties): Decision {
  const policy = new Previewed(after).known((known) => decide(before, known));
  return policy === undefined ? { policy: most, isUncertain: true } : { policy };
}

function changesOf(path: string, policy: AnyPolicy, before: unknown, after: unknown, decide: Decide): Change[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (typeof policy === "string" || policy.kind === "depends") return [change(path, decide(policy), before, after)];
  if (policy.kind === "parts") return changesOfParts(path, policy, before, after, decide);
  return changesOfItems(path, policy, before, after, decide);
}

function changesOfParts(
  path: string,
  policy: Parts<unknown, unknown>,
  before: unknown,
  after: unknown,
  decide: Decide,
) {
  if (!isObject(before) || !isObject(after)) return [change(path, decide(policy.whole), before, after)];
  return fieldChanges(path, policy.fields, before, after, decide);
}

/** A list with a key that is unknown at preview can't be matched; it changes as a whole. */
function changesOfItems(
  path: string,
  policy: Items<unknown, unknown>,
  before: unknown,
  after: unknown,
  decide: Decide,
) {
  const old = keyed(before, policy.keyOf);
  const keys = new Previewed(after).known((items) => keyed(items, policy.keyOf).map(({ key }) => key));
  if (keys === undefined) return [change(path, decide(policy.added), before, after)];
  const now = listIn(after).map((item, index) => ({ key: keys[index] ?? "", index, item }));
  const gone = old.filter(({ key }) => !now.some((item) => item.key === key));
  const isMoved = policy.moved !== undefined && !isDeepStrictEqual(commonKeys(old, now), commonKeys(now, old));
  return [
    ...(isMoved ? [change(path, decide(policy.moved), before, after)] : []),
    ...gone.map(({ index, item }) => change(`${path}[${index}]`, decide(policy.removed), item, undefined)),
    ...now.flatMap(({ key, index, item }) => {
      const at = `${path}[${index}]`;
      const same = old.find((candidate) => candidate.key === key);
      if (same === undefined) return [change(at, decide(policy.added), undefined, item)];
      return fieldChanges(at, policy.fields, same.item, item, decide);
    }),
  ];
}

interface Keyed {
  readonly key: string;
  readonly index: number;
  readonly item: unknown;
}

function commonKeys(list: readonly Keyed[], other: readonly Keyed[]): string[] {
  return list.map(({ key }) => key).filter((key) => other.some((item) => item.key === key));
}

/** An unknown value may turn out to be the previous one. */
function change(path: string, decision: Decision, before: unknown, after: unknown): Change {
  return { path, ...decision, before, after, ...(containsUnknown(after) ? { isUncertain: true } : {}) };
}

function fieldChanges(path: string, table: object, before: unknown, after: unknown, decide: Decide): Change[] {
  return Object.entries(table as Record<string, AnyPolicy>).flatMap(([field, policy]) =>
    changesOf(`${path}.${field}`, policy, valueIn(before, field), valueIn(after, field), decide),
  );
}

function keyed(list: unknown, keyOf: Items<unknown, unknown>["keyOf"]): Keyed[] {
  return listIn(list).map((item, index, items) => ({ key: keyOf(item, index, items), index, item }));
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function valueIn(value: unknown, field: string): unknown {
  return isObject(value) ? value[field] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The fields of the first level that contain a change. */
export function fieldsOf(changes: readonly Pick<Change, "path">[]): string[] {
  return [...new Set(changes.map(({ path }) => /^[^.[]+/.exec(path)?.[0] ?? path))];
}

/** A sentence about the changed fields of one policy; undefined if there is nothing to say. */
export type Effects = Readonly<Partial<Record<Policy, string>>>;

/** The effect of a change, if the resource has no sentence of its own. */
export const plainEffects = {
  live: "changes while it runs",
  reinstall: "used by the next installation only",
  replace: "a new one replaces the old one",
} as const satisfies Effects;

/** For a certain change whose effect depends on an unknown value. */
export const laterKnown = "changes; how that takes effect is known when it is applied";

/** For a change that is known only when it is applied. */
const uncertainEffects = {
  live: "may change; known when it is applied",
  restart: "may change, which takes a restart; known when it is applied",
  reinstall: "may change what the next installation uses; known when it is applied",
  digested: "may change the result; known when it is applied",
  replace: "may replace it; known when it is applied",
  refuse: "may change, which would be refused; known when it is applied",
} as const satisfies Effects;

/** One sentence for each policy: `memory, vcpus: web restarts`. A replacement makes all others irrelevant. */
export function effectsByPolicy(changes: readonly Change[], effects: Effects): string[] {
  const replacements = changes.filter(({ policy }) => policy === "replace");
  return sentences(replacements.length > 0 ? replacements : changes, effects);
}

/** Sentences about changes that may turn out to be none. */
export function uncertainties(changes: readonly Change[]): string[] {
  return sentences(changes, uncertainEffects);
}

function sentences(changes: readonly Change[], effects: Effects): string[] {
  const policies = [...new Set(changes.map(({ policy }) => policy))];
  return policies.flatMap((policy) => {
    const effect = effects[policy];
    // A removed item and an added one may have the same place.
    const paths = new Set(changes.filter((each) => each.policy === policy).map(({ path }) => path));
    return effect === undefined ? [] : [`${[...paths].join(", ")}: ${effect}`];
  });
}
