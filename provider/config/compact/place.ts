import type { Position } from "../../format/yaml/frame";
import {
  type Child,
  isLocatedList,
  isLocatedMap,
  type Located,
  locatedLeaf,
  locatedMap,
  pathUnder,
  StackSecret,
} from "../../format/yaml/located";
import { messageOf } from "../../values/errors";

/** A value and its property in the file, such as `machines.web.disk`. */
export interface Place {
  readonly node: Located;
  readonly path: string;
}

/** An error in what a file says, at the property that it comes from. */
export interface Slip {
  readonly path: string;
  readonly at: Position;
  readonly message: string;
}

/** Computes from values of which some may be known only later. */
export type Lift = (values: readonly unknown[], compute: (...values: readonly unknown[]) => unknown) => unknown;

/** The surroundings of an expansion. */
export interface Expansion {
  readonly lift: Lift;
  readonly report: (slip: Slip) => void;
}

export function under({ node, path }: Place, key: string): Place | undefined {
  const child = node.children.get(key);
  return (
    child && {
      node: child.node,
      path: child.node.origin?.path ?? pathUnder(path, isLocatedList(node) ? Number(key) : key),
    }
  );
}

export function isMap({ node }: Place): boolean {
  return isLocatedMap(node);
}

/** The value as it is, in another place. */
export function moved({ node, path }: Place): Located {
  return node.origin === undefined ? { ...node, origin: { path } } : node;
}

/** A value that nothing in the file says. */
export function assumed(value: unknown, { node, path }: Place): Located {
  return { ...locatedLeaf(value, node.at), origin: { path, reason: "default" } };
}

/**
 * A value that follows from others, the first of which counts as its place. Undefined if nothing follows.
 * @param compute gets the values of the places, and may throw an Error that says what is wrong
 */
export function derived(
  places: readonly [Place, ...(Place | undefined)[]],
  compute: (...values: readonly unknown[]) => unknown,
  { lift, report }: Expansion,
): Located | undefined {
  const [{ node, path }] = places;
  const given = places.filter((place) => place !== undefined);
  const secret = given.find((place) => place.node.value instanceof StackSecret);
  if (secret !== undefined) return moved(secret);
  const origin = { path, reason: `follows from ${[...new Set(given.map((place) => place.path))].join(", ")}` };
  try {
    const value = lift(
      places.map((place) => place?.node.value),
      compute,
    );
    return value === undefined ? undefined : { ...locatedLeaf(value, node.at), origin };
  } catch (error) {
    report({ path, at: node.at, message: messageOf(error) });
    return undefined;
  }
}

/** A map of the parts that there are. */
export function mapOf(parts: Readonly<Record<string, Located | undefined>>, at: Position): Located {
  const children = Object.entries(parts).flatMap(([key, node]) =>
    node === undefined ? [] : [[key, { keyAt: node.at, node }] as const],
  );
  return locatedMap(new Map(children), at);
}

/** The map without some keys. */
export function without(node: Located, keys: readonly string[]): Located {
  return withChildren(
    node,
    [...node.children].filter(([key]) => !keys.includes(key)),
  );
}

/** The same map, with its own place, of other children. */
export function withChildren(node: Located, children: Iterable<readonly [string, Child]>): Located {
  const map = locatedMap(new Map(children), node.at);
  return node.origin === undefined ? map : { ...map, origin: node.origin };
}

/** The map with further parts, which replace those of the same key. */
export function withParts(node: Located, parts: Readonly<Record<string, Located | undefined>>): Located {
  const added = mapOf(parts, node.at).children;
  const kept = [...node.children].map(([key, child]) => {
    const part = added.get(key);
    return [key, part === undefined ? child : { ...child, node: part.node }] as const;
  });
  return withChildren(node, [...kept, ...[...added].filter(([key]) => !node.children.has(key))]);
}
