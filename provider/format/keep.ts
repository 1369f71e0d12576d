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
 * `written` with the parts of `actual` that the model doesn't describe. Parts that the model describes and `written`
 * doesn't have are removed with their content.
 */
export function keeping(written: Element, actual: Element | undefined, model: Model): Element {
  if (actual === undefined) return written;
  const { attributes = [], children = {} } = model;
  const others = Object.entries(actual.attributes).filter(([name]) => !attributes.includes(name));
  const kept = childrenOf(actual).filter(({ name }) => !(name in children));
  const own = written.children.map((child) => {
    if (typeof child === "string") return child;
    const inner = children[child.name];
    return inner === undefined ? child : keeping(child, sameIn(actual, child, inner), inner);
  });
  return {
    name: written.name,
    attributes: { ...Object.fromEntries(others), ...written.attributes },
    children: [...own, ...kept],
  };
}

function sameIn(actual: Element, child: Element, { keyOf = () => "" }: Model): Element | undefined {
  return childrenOf(actual, child.name).find((candidate) => keyOf(candidate) === keyOf(child));
}

/** Undefined if the element is empty. */
export function unlessEmpty(element: Element): Element | undefined {
  const isEmpty = Object.keys(element.attributes).length + childrenOf(element).length === 0 && !textOf(element);
  return isEmpty ? undefined : element;
}
