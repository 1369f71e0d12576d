import { childrenOf, type Element, textOf } from "./xml";

/** How elements of one format are distinguished. */
export interface Identity {
  /** The key of an element among those of its name; undefined if only its position distinguishes it. */
  readonly keyOf: (element: Element) => string | undefined;
  /** The kind of an element. An element of another kind can't be merged, and replaces the previous one. */
  readonly kindOf: (element: Element) => string | undefined;
}

/**
 * `present` with everything in `after`, and without the parts of `before` that `after` doesn't have. Parts in neither
 * of them stay, whoever wrote them.
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
function isSameKind(present: Element, before: Element | undefined, after: Element, { kindOf }: Identity): boolean {
  const [now, old, wanted] = [present, before, after].map((element) => element && kindOf(element));
  return wanted === now || (wanted === undefined && old === undefined);
}
