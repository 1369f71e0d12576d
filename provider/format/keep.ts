import { childrenOf, type Element, textOf } from "./xml";

/** The parts of an element that a model describes; all others belong to other programs. */
export interface Model {
  readonly attributes?: readonly string[];
  /** Child elements by name. */
  readonly children?: Readonly<Record<string, Model>>;
  /** The key of an element among those of its name. Default: there is one element. */
  readonly keyOf?: (element: Element) => string | undefined;
}

/**
 * `written` with the parts of `present` that the model doesn't describe. Parts that the model describes and `written`
 * doesn't have are removed with their content.
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

/** Undefined if the element is empty. */
export function unlessEmpty(element: Element): Element | undefined {
  const isEmpty = Object.keys(element.attributes).length + childrenOf(element).length === 0 && !textOf(element);
  return isEmpty ? undefined : element;
}
