import type { Position } from "./frame";

/** A value with the places of all its parts. */
export interface Located {
  readonly value: unknown;
  readonly at: Position;
  readonly children: ReadonlyMap<string, Child>;
}

export interface Child {
  /** Where the key of a map begins, or the item of a list. */
  readonly keyAt: Position;
  readonly node: Located;
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

/** The place of the value at the path (or of its key); where there is none, of the key of what is around it. */
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
