import type { Position } from "./frame";

/** A value with the places of all its parts. */
export interface Located {
  readonly value: unknown;
  readonly at: Position;
  readonly children: ReadonlyMap<string, Child>;
  /** A list that follows the one that `<<` or the defaults have. */
  readonly isAppended?: boolean;
  /** Of a value that is not written where it is now. */
  readonly origin?: Origin;
}

export interface Child {
  /** The place of a map's key, or of a list's item. */
  readonly keyAt: Position;
  readonly node: Located;
}

/** What a value comes from. */
export interface Origin {
  /** The property in the file, such as `machines.web.disk`. */
  readonly path: string;
  /** Undefined for a value that is only moved, with all that is in it. */
  readonly reason?: string;
}

/** A secret of the stack, whose value is not known here. */
export class StackSecret {
  constructor(
    readonly name: string,
    readonly at: Position,
  ) {}
}

export function locatedLeaf(value: unknown, at: Position): Located {
  return { value, at, children: new Map() };
}

export function locatedList(items: readonly Located[], at: Position): Located {
  const children = items.map((node, index) => [String(index), { keyAt: node.at, node }] as const);
  return { value: items.map((item) => item.value), at, children: new Map(children) };
}

export function locatedMap(children: ReadonlyMap<string, Child>, at: Position): Located {
  return { value: Object.fromEntries([...children].map(([key, child]) => [key, child.node.value])), at, children };
}

export function isLocatedMap({ value }: Located): boolean {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

export function isLocatedList({ value }: Located): boolean {
  return Array.isArray(value);
}

/** The items of a list, or the values of a map. */
export function partsOf({ children }: Located): Located[] {
  return [...children.values()].map(({ node }) => node);
}

/** How many values there are in a value, itself among them. */
export function countIn(node: Located): number {
  return partsOf(node).reduce((sum, part) => sum + countIn(part), 1);
}

/** The items of the one list after those of the other. */
export function appended(base: Located, list: Located): Located {
  return { ...locatedList([...partsOf(base), ...partsOf(list)], list.at), isAppended: base.isAppended === true };
}

/** The property in the file that a value comes from: its own path, unless it was moved or follows from another. */
export function propertyAt(root: Located, path: readonly PropertyKey[]): string {
  let node: Located | undefined = root;
  let property = "";
  for (const key of path) {
    node = node?.children.get(String(key))?.node;
    property = node?.origin?.path ?? pathUnder(property, key);
    if (node?.origin?.reason !== undefined) return property;
  }
  return property;
}

/** Such as `disks[0].volume`. */
export function pathUnder(path: string, key: PropertyKey): string {
  if (typeof key === "number") return `${path}[${key}]`;
  return path === "" ? String(key) : `${path}.${String(key)}`;
}

/**
 * The place of the value at the path, or of its key. Without such a value, the place of the innermost key around it.
 */
export function positionIn(root: Located, path: readonly PropertyKey[], part: "value" | "key" = "value"): Position {
  let around = root.at;
  let node = root;
  for (const key of path) {
    const child = node.children.get(String(key));
    if (child === undefined) return around;
    around = child.keyAt;
    ({ node } = child);
  }
  return part === "key" ? around : node.at;
}
