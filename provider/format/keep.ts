import { childrenOf, type Element, textOf } from "./xml";

/** What of an element a model can say; all else in it is others'. */
export interface Model {
  readonly attributes?: readonly string[];
  /** Child elements by name. */
  readonly children?: Readonly<Record<string, Model>>;
  /** What tells it from others of its name beside it. Default: there is one. */
  readonly keyOf?: (element: Element) => string | undefined;
}

/**
 * `written` with what `present` has beside it and the model can't say. What the model could say and `written` doesn't is
 * gone, with all that is in it.
 */
export function keeping(written: Element, present: Element | undefined, model: Model): Element {
  if (present === undefined) return written;
  const { attributes = [], children = {} } = model;
  const unsaid = Object.entries(present.attributes).filter(([name]) => !attributes.includes(name));
  const kept = childrenOf(present).filter(({ name }) => !(name in children));
  const own = written.children.map((child) => {
    if (typeof child === "string") return child;
    const inner = children[child.name];
    return inner === undefined ? child : keeping(child, sameIn(present, child, inner), inner);
  });
  return {
    name: written.name,
    attributes: { ...Object.fromEntries(unsaid), ...written.attributes },
    children: [...own, ...kept],
  };
}

function sameIn(present: Element, child: Element, { keyOf = () => "" }: Model): Element | undefined {
  return childrenOf(present, child.name).find((candidate) => keyOf(candidate) === keyOf(child));
}

/** Undefined when nothing is in it. */
export function unlessEmpty(element: Element): Element | undefined {
  const isEmpty = Object.keys(element.attributes).length + childrenOf(element).length === 0 && !textOf(element);
  return isEmpty ? undefined : element;
}
