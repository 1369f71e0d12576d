import type { z } from "zod";
import { each, ifKnown, Previewed } from "./known";

/** Reports what is wrong with the value at a path, and what is allowed. */
export type Report = (path: readonly PropertyKey[], message: string) => void;

/**
 * What no single field can say of itself: of a value, which may be a part of the whole that the rules are of. At preview a
 * rule ends at the first unknown value that it reads, so it reads no more than it needs: a parameter that is taken apart
 * reads all of its parts.
 */
export type Rule<Value, Whole = unknown> = (value: Value, report: Report, whole: Whole) => void;

/** The rules of an object, for its schema. */
export function rulesOf<Whole>(...rules: readonly Rule<Whole, Whole>[]) {
  return (value: Whole, context: z.core.$RefinementCtx): void => {
    const report: Report = (path, message) => {
      context.addIssue({ code: "custom", path: [...path], message, input: value });
    };
    new Previewed(value).known((known) => apply(rules, known, report, known));
  };
}

/** Rules of a part, for which it is the whole. */
export function together<Whole>(...rules: readonly Rule<Whole, Whole>[]): Rule<Whole> {
  return (value, report) => apply(rules, value, report, value);
}

/** The rules of a value that passes a test. */
export function when<Value, Whole>(
  test: (value: Value) => boolean,
  ...rules: readonly Rule<Value, Whole>[]
): Rule<Value, Whole> {
  return (value, report, whole) => {
    if (test(value)) apply(rules, value, report, whole);
  };
}

/** The rules of a part, with paths below it; they aren't asked of one that isn't given. */
export function within<Value, Key extends keyof Value, Whole>(
  key: Key,
  ...rules: readonly Rule<NonNullable<Value[Key]>, Whole>[]
): Rule<Value, Whole> {
  return (value, report, whole) => {
    const part = value[key];
    if (part !== undefined && part !== null) apply(rules, part, below(report, key), whole);
  };
}

/** The rules of each item of a list, with paths below it. */
export function eachIn<Value, Key extends keyof Value, Whole>(
  key: Key,
  ...rules: readonly Rule<ItemOf<Value[Key]>, Whole>[]
): Rule<Value, Whole> {
  return (value, report, whole) => {
    each(listAt(value, key), (item, index) => apply(rules, item, below(report, key, index), whole));
  };
}

/** No two items of a list have the same in one of the fields. */
export function differ<Value, List extends keyof Value, Field extends keyof ItemOf<Value[List]> & string>(
  list: List,
  fields: readonly Field[],
  say: (value: string | number, first: number, field: Field) => string,
): Rule<Value> {
  return (value, report) => {
    const items = listAt(value, list);
    for (const field of fields)
      reportRepeated(
        each(items, (item) => item[field] as string | number | undefined),
        (repeated, index, first) => report([list, index, field], say(repeated, first, field)),
      );
  };
}

/** Of the keys one is given. */
export function exactlyOne<Key extends string>(keys: readonly Key[], message: string): Rule<Optional<Key>> {
  return (value, report) => {
    if (givenIn(value, keys).length > 1 || !isAnyGiven(value, keys)) report([], message);
  };
}

/** Of the keys no further one is given beside the first that is. */
export function atMostOne<Key extends string>(keys: readonly Key[], say: (first: Key) => string): Rule<Optional<Key>> {
  return (value, report) => {
    const [first, ...others] = givenIn(value, keys);
    if (first !== undefined) for (const other of others) report([other], say(first));
  };
}

/** The keys that are known to be given. */
export function givenIn<Key extends string>(value: Optional<Key>, keys: readonly Key[]): Key[] {
  return keys.filter((key) => ifKnown(() => value[key]) !== undefined);
}

/** Whether one of the keys is given, whatever the others are; else all of them must be known. */
export function isAnyGiven<Key extends string>(value: Optional<Key>, keys: readonly Key[]): boolean {
  return givenIn(value, keys).length > 0 || keys.some((key) => value[key] !== undefined);
}

/** Reports each value that an earlier one is already. */
export function reportRepeated<Value extends string | number>(
  values: readonly (Value | undefined)[],
  report: (value: Value, index: number, first: number) => void,
): void {
  values.forEach((value, index) => {
    const first = values.indexOf(value);
    if (value !== undefined && first < index) report(value, index, first);
  });
}

type Optional<Key extends string> = Readonly<Partial<Record<Key, unknown>>>;

type ItemOf<List> = List extends readonly (infer Item)[] ? Item : never;

function listAt<Value, Key extends keyof Value>(value: Value, key: Key): readonly ItemOf<Value[Key]>[] {
  return value[key] as readonly ItemOf<Value[Key]>[];
}

function apply<Value, Whole>(rules: readonly Rule<Value, Whole>[], value: Value, report: Report, whole: Whole): void {
  each(rules, (rule) => rule(value, report, whole));
}

function below(report: Report, ...above: readonly PropertyKey[]): Report {
  return (path, message) => report([...above, ...path], message);
}
