import { childrenOf, type Element, textOf } from "./xml";

/** How elements of one format are told apart. */
export interface Identity {
  /** What tells an element from others of its name; undefined where only its place among them does. */
  readonly keyOf: (element: Element) => string | undefined;
  /** What can't become another: of another kind, an element takes the place of the old one as it is. */
  readonly kindOf: (element: Element) => string | undefined;
}

/**
 * `present` with all that stands in `after`, and without what `before` had and `after` no longer has. What neither of them
 * mentions stays as it is: whoever else wrote it.
 */
export function merged(present: Element, before: Element | undefined, after: Element, identity: Identity): Element {
  const [now, old, wanted] = [present, before, after].map((element) => keyed(element, identity));
  const children = [...(now ?? [])].flatMap(([key, child]) => {
    const next = wanted?.get(key);
    if (next === undefined) return old?.has(key) === true ? [] : [child];
    return [isSameKind(child, old?.get(key), next, identity) ? merged(child, old?.get(key), next, identity) : next];
  });
  const added = [...(wanted ?? [])].filter(([key]) => now?.has(key) !== true).map(([, child]) => child);
  return {
    name: present.name,
    attributes: mergedAttributes(present, before, after),
    children: [...mergedText(present, before, after), ...children, ...added],
  };
}

function mergedAttributes(present: Element, before: Element | undefined, after: Element): Element["attributes"] {
  const kept = Object.entries(present.attributes).filter(
    ([name]) => Object.hasOwn(after.attributes, name) || !Object.hasOwn(before?.attributes ?? {}, name),
  );
  return { ...Object.fromEntries(kept), ...after.attributes };
}

function mergedText(present: Element, before: Element | undefined, after: Element): string[] {
  const [now, old, wanted] = [present, before, after].map((element) => textOf(element) ?? "");
  const text = wanted === "" && (old ?? "") === "" ? now : wanted;
  return text === undefined || text === "" ? [] : [text];
}

/** The child elements by name, key, and place among those of the same. */
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

/** An element that says nothing of its kind keeps the one that is there, unless that was ours. */
function isSameKind(present: Element, before: Element | undefined, after: Element, { kindOf }: Identity): boolean {
  const [now, old, wanted] = [present, before, after].map((element) => element && kindOf(element));
  return wanted === now || (wanted === undefined && old === undefined);
}
