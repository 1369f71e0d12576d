import { childrenOf, el, type Element, isEmpty, textOf } from "./xml";

/** How elements of one format are told apart. */
export interface Identity {
  /** What tells an element from others of its name; undefined where only its place among them does. */
  readonly keyOf: (element: Element) => string | undefined;
  /** What can't become another: of another kind, an element takes the place of the old one as it is. */
  readonly kindOf: (element: Element) => string | undefined;
  /**
   * Whether an element is there for what is in it alone: no longer desired, it stays while others have something in it.
   * Default: none is, and what others added to an element goes with it.
   */
  readonly isFrame?: (element: Element) => boolean;
  /** Whether elements of one name come in the order in which they are desired. Default: each stays where it is. */
  readonly inOrder?: boolean;
}

/**
 * `actual` with all that stands in `desired`, and without what `previous` had and `desired` no longer has. What neither
 * of them mentions stays as it is: whoever else wrote it.
 */
export function merged(actual: Element, previous: Element | undefined, desired: Element, identity: Identity): Element {
  return {
    name: actual.name,
    attributes: mergedAttributes(actual, previous, desired),
    children: [...mergedText(actual, previous, desired), ...mergedChildren(actual, previous, desired, identity)],
  };
}

function mergedChildren(
  actual: Element,
  previous: Element | undefined,
  desired: Element,
  identity: Identity,
): readonly Element[] {
  const [there, before, after] = [keyed(actual, identity), keyed(previous, identity), keyed(desired, identity)];
  const keys = identity.inOrder === true ? keysInOrder(there, after) : [...new Set([...there.keys(), ...after.keys()])];
  const children = keys.map((key) => mergedChild(there.get(key), before.get(key), after.get(key), identity));
  return children.filter((child) => child !== undefined);
}

function mergedChild(
  actual: Element | undefined,
  previous: Element | undefined,
  desired: Element | undefined,
  identity: Identity,
): Element | undefined {
  if (actual === undefined) return desired;
  if (desired !== undefined)
    return isSameKind(actual, previous, desired, identity) ? merged(actual, previous, desired, identity) : desired;
  if (previous === undefined) return actual;
  if (identity.isFrame?.(actual) !== true) return undefined;
  const left = merged(actual, previous, el(actual.name), identity);
  return isEmpty(left) ? undefined : left;
}

/** The keys of all: desired ones in their order, in the places that such ones have now, and what is new after them. */
function keysInOrder(there: Keyed, after: Keyed): string[] {
  const left = [...after.keys()];
  const next = (name: string | undefined) =>
    left.splice(
      left.findIndex((key) => after.get(key)?.name === name),
      1,
    );
  const placed = [...there].flatMap(([key, { name }]) => (after.has(key) ? next(name) : [key]));
  return [...placed, ...left];
}

function mergedAttributes(actual: Element, previous: Element | undefined, desired: Element): Element["attributes"] {
  const kept = Object.entries(actual.attributes).filter(
    ([name]) => Object.hasOwn(desired.attributes, name) || !Object.hasOwn(previous?.attributes ?? {}, name),
  );
  return { ...Object.fromEntries(kept), ...desired.attributes };
}

function mergedText(actual: Element, previous: Element | undefined, desired: Element): string[] {
  const [there, before, after] = [actual, previous, desired].map((element) => textOf(element) ?? "");
  const text = after === "" && (before ?? "") === "" ? there : after;
  return text === undefined || text === "" ? [] : [text];
}

type Keyed = ReadonlyMap<string, Element>;

/** The child elements by name, key, and place among those of the same. */
function keyed(element: Element | undefined, { keyOf }: Identity): Keyed {
  const children = new Map<string, Element>();
  for (const child of childrenOf(element)) {
    const key = `${child.name} ${keyOf(child) ?? ""}`;
    let nth = 0;
    while (children.has(`${key} ${nth}`)) nth += 1;
    children.set(`${key} ${nth}`, child);
  }
  return children;
}

/** An element that says nothing of its kind keeps the one that is there, unless that was ours. */
function isSameKind(actual: Element, previous: Element | undefined, desired: Element, { kindOf }: Identity): boolean {
  const [there, before, after] = [actual, previous, desired].map((element) => element && kindOf(element));
  return after === there || (after === undefined && before === undefined);
}
