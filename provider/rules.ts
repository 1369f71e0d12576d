import type { z } from "zod";
import { ifKnown, Previewed } from "./known";

/** Reports what is wrong with the value at a path, and what is allowed. */
export type Report = (path: readonly PropertyKey[], message: string) => void;

/**
 * What no single field can say of itself. A rule that reads a value which is unknown at preview ends there, so that it reads
 * no more than it needs: a parameter that is taken apart reads all of its parts.
 */
export type Rule<Value> = (value: Value, report: Report, index: number) => void;

/** The rules of an object, for its schema; one that ends at something unknown hides nothing that another one finds. */
export function rulesOf<Value>(...rules: readonly Rule<Value>[]) {
  return (value: Value, context: z.core.$RefinementCtx): void => {
    const report: Report = (path, message) => {
      context.addIssue({ code: "custom", path: [...path], message, input: value });
    };
    new Previewed(value).known((known) => apply(rules, known, report, 0));
  };
}

/** The rules of a part, with paths below it; of one that isn't given they are not asked. */
export function within<Value, Key extends keyof Value & string>(
  key: Key,
  ...rules: readonly Rule<NonNullable<Value[Key]>>[]
): Rule<Value> {
  return (value, report) => {
    const part = value[key];
    if (part !== undefined && part !== null) apply(rules, part, below(report, key), 0);
  };
}

/** The rules of each item of a list, with paths below it. */
export function eachIn<Item, Key extends string>(
  key: Key,
  ...rules: readonly Rule<Item>[]
): Rule<Readonly<Record<Key, readonly Item[]>>> {
  return (value, report) => {
    const items = value[key];
    for (const index of items.keys())
      ifKnown(() => {
        apply(rules, items[index] as Item, below(below(report, key), index), index);
      });
  };
}

/** Reports each value that an earlier one is already. */
export function reportRepeated<Value>(
  values: readonly (() => Value)[],
  report: (value: Value & {}, index: number, first: number) => void,
): void {
  const known = values.map((value) => ifKnown(value));
  known.forEach((value, index) => {
    const first = known.indexOf(value);
    if (value !== undefined && value !== null && first < index) report(value, index, first);
  });
}

function apply<Value>(rules: readonly Rule<Value>[], value: Value, report: Report, index: number): void {
  for (const rule of rules)
    ifKnown(() => {
      rule(value, report, index);
    });
}

function below(report: Report, key: PropertyKey): Report {
  return (path, message) => {
    report([key, ...path], message);
  };
}
