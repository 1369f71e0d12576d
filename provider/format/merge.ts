import { childrenOf, type Element, textOf } from "./xml";

/** How elements of one format are distinguished. */
export interface Identity {
  /** The key of an element among those of its name; undefined if only its position distinguishes it. */
  readonly keyOf: (element: Element) => string | undefined;
  /** The kind of an element. An element of another kind can't be merged, and replaces the previous one. */
  readonly kindOf: (element: Element) => string | undefined;
}

/**
 * `actual` with everything in `desired`, and without the parts of `previous` that `desired` doesn't have. Parts in
 * neither of them stay, whoever wrote them.
 */
export function merged(actual: Element, previous: Element | undefined, desired: Element, identity: Identity): Element {
  const [actualChildren, previousChildren, desiredChildren] = [actual, previous, desired].map((element) =>
    keyed(element, identity),
  );
  const children = [...(actualChildren ?? [])].flatMap(([key, child]) => {
    const [before, next] = [previousChildren?.get(key), desiredChildren?.get(key)];
    if (next === undefined) return before === undefined ? [child] : [];
    return [isSameKind(child, before, next, identity) ? merged(child, before, next, identity) : next];
  });
  const added = [...(desiredChildren ?? [])]
    .filter(([key]) => actualChildren?.has(key) !== true)
    .map(([, child]) => child);
  return {
    name: actual.name,
    attributes: mergedAttributes(actual, previous, desired),
    children: [...mergedText(actual, previous, desired), ...children, ...added],
  };
}

function mergedAttributes(actual: Element, previous: Element | undefined, desired: Element): Element["attributes"] {
  const kept = Object.entries(actual.attributes).filter(
    ([name]) => Object.hasOwn(desired.attributes, name) || !Object.hasOwn(previous?.attributes ?? {}, name),
  );
  return { ...Object.fromEntries(kept), ...desired.attributes };
}

function mergedText(actual: Element, previous: Element | undefined, desired: Element): string[] {
  const [actualText, previousText, desiredText] = [actual, previous, desired].map((element) => textOf(element) ?? "");
  const text = desiredText === "" && (previousText ?? "") === "" ? actualText : desiredText;
  return text === undefined || text === "" ? [] : [text];
}

/** The child elements by name, key, and position among those of the same name and key. */
function keyed(element: Element | undefined, { keyOf }: Identity): Map<string, Element> {
  const children = new Map<string, Element>();
  for (const child of childrenOf(element)) {
    const key = `${child.name} ${keyOf(child) ?? ""}`;
    let nth = 0;
    while (children.has(`${key} ${nth}`)) nth += 1;
    children.set(`${key} ${nth}`, child);
  }
  return children;
}

/** An element without a kind keeps the actual kind, unless the previous element set it. */
function isSameKind(actual: Element, previous: Element | undefined, desired: Element, { kindOf }: Identity): boolean {
  const [actualKind, previousKind, desiredKind] = [actual, previous, desired].map(
    (element) => element && kindOf(element),
  );
  return desiredKind === actualKind || (desiredKind === undefined && previousKind === undefined);
}
