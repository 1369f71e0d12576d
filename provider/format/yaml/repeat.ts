import type { Position } from "./frame";
import { limits } from "./limits";
import { isLocatedList, isLocatedMap, type Located, locatedLeaf, partsOf } from "./located";
import { parameterName, type Scope } from "./parameters";

/** The keys of an entry that make several of it. */
export const repeatKeys = ["for", "count"] as const;

/** One number to another, both included; leading zeros give all numbers the same length. */
const range = /^(\d{1,9})\.\.(\d{1,9})$/;

/**
 * The parameters of each copy of an entry. `index` counts the copies from 1.
 * @throws Error that says what is wrong
 */
export function copiesOf(key: (typeof repeatKeys)[number], given: Located): Scope[] {
  const [name, values] = key === "count" ? ["index", counted(given)] : named(given);
  if (values.length > limits.copies)
    throw new Error(`\`${key}\` makes more than ${limits.copies} copies, which is the limit of one entry`);
  return values.map(
    (value, at) =>
      new Map([
        ["index", locatedLeaf(at + 1, given.at)],
        [name, value],
      ] as const),
  );
}

function counted({ value, at }: Located): Located[] {
  const count = typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : value;
  if (typeof count !== "number" || !Number.isInteger(count) || count < 0)
    throw new Error("`count` must be a whole number, such as 3");
  return numbers(1, Math.min(count, limits.copies + 1), 0, at);
}

function named(given: Located): readonly [string, Located[]] {
  const [entry, ...others] = isLocatedMap(given) ? [...given.children] : [];
  if (entry === undefined || others.length > 0)
    throw new Error("`for` must be a map of one name, such as `for: { n: 1..20 }` or `for: { name: [web, mail] }`");
  const [name, { node }] = entry;
  if (!parameterName.test(name)) throw new Error(`"${name}" can't be a parameter; use letters, digits and underscores`);
  if (name === "index") throw new Error("`index` is the number of the copy; give the parameter of `for` another name");
  return [name, listed(node)];
}

function listed(node: Located): Located[] {
  if (isLocatedList(node)) return partsOf(node);
  const [, first, last] = range.exec(String(node.value)) ?? [];
  if (first === undefined || last === undefined)
    throw new Error("`for` must be over a list, or over a range such as 1..20");
  const isPadded = first.length > 1 && first.startsWith("0");
  if (isPadded && first.length !== last.length) throw new Error(`${first}..${last} has numbers of several lengths`);
  if (Number(first) > Number(last)) throw new Error(`${first}..${last} is empty: its first number is the greater one`);
  const most = Math.min(Number(last), Number(first) + limits.copies);
  return numbers(Number(first), most, isPadded ? first.length : 0, node.at);
}

/** @param digits of each number; with 0 they are numbers, else texts */
function numbers(first: number, last: number, digits: number, at: Position): Located[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, offset) =>
    locatedLeaf(digits === 0 ? first + offset : String(first + offset).padStart(digits, "0"), at),
  );
}
