import { XMLBuilder, XMLParser, XMLValidator } from "fast-xml-parser";
import { KvmError } from "../values/errors";

/** An XML element. Text is a child that is a string. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (Element | string)[];
}

type Attributes = Readonly<Record<string, string | number | undefined>>;
type Child = Element | string | undefined;

/** Makes an element; attributes and children that are undefined are left out. */
export function el(name: string, attributes: Attributes = {}, ...children: readonly Child[]): Element {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return {
    name,
    attributes: Object.fromEntries(given.map(([key, value]) => [key, String(value)])),
    children: children.filter((child) => child !== undefined),
  };
}

export function yesNo(value: boolean): "yes" | "no" {
  return value ? "yes" : "no";
}

// fast-xml-parser's ordered form: every node is an object with one tag key and, beside it, its attributes.
type OrderedNode = Record<string, unknown>;
const attributesKey = ":@";
const textKey = "#text";

// In front of each name that is read: the parser refuses names such as `constructor`, and renames others.
const sign = "@";
const settings = { preserveOrder: true, ignoreAttributes: false } as const;
const parser = new XMLParser({
  ...settings,
  attributeNamePrefix: sign,
  // Asked twice of an element without content.
  transformTagName: (name) => (name.startsWith(sign) ? name : `${sign}${name}`),
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
});
// The successor is a package of its own; this one is kept by the parser's, and does the same.
// eslint-disable-next-line @typescript-eslint/no-deprecated
const builder = new XMLBuilder({
  ...settings,
  attributeNamePrefix: "",
  format: true,
  indentBy: "  ",
  suppressEmptyNode: true,
  suppressBooleanAttributes: false,
});

export function render(element: Element): string {
  return `${builder.build([toOrdered(element)]).trim()}\n`;
}

/** @throws KvmError when the text isn't well-formed */
export function parse(text: string): Element {
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw new KvmError("invalid-input", `this is not XML: ${valid.err.msg} (line ${valid.err.line})`);
  const nodes = (parser.parse(text) as OrderedNode[]).map(fromOrdered);
  const root = nodes.find((node): node is Element => typeof node !== "string" && !node.name.startsWith("?"));
  if (root === undefined) throw new KvmError("invalid-input", "this XML has no element");
  return root;
}

/** A value as it stands in a text or an attribute. */
export function escapeXml(value: string): string {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The child elements, of one name or all. */
export function childrenOf(element: Element | undefined, name?: string): readonly Element[] {
  const elements = (element?.children ?? []).filter((child): child is Element => typeof child !== "string");
  return name === undefined ? elements : elements.filter((child) => child.name === name);
}

/** The first element at a path of names below `element`, such as `os/type`. */
export function find(element: Element | undefined, path: string): Element | undefined {
  return path.split("/").reduce<Element | undefined>((at, name) => childrenOf(at, name)[0], element);
}

export function textOf(element: Element | undefined, path?: string): string | undefined {
  const found = path === undefined ? element : find(element, path);
  return found?.children.filter((child) => typeof child === "string").join("");
}

/** Whether it says nothing: it has neither attributes, nor elements, nor a text. */
export function isEmpty({ attributes, children }: Element): boolean {
  return Object.keys(attributes).length === 0 && children.every((child) => child === "");
}

/** Value of an attribute of the element at a path: `attributeOf(disk, "source", "file")`. */
export function attributeOf(element: Element | undefined, path: string, attribute: string): string | undefined {
  return find(element, path)?.attributes[attribute];
}

/** The element with its child of that name replaced by `child`, or with `child` added, or (undefined) taken out. */
export function withChild(element: Element, name: string, child: Element | undefined): Element {
  const others = (node: Element | string) => typeof node === "string" || node.name !== name;
  const at = element.children.findIndex((node) => !others(node));
  const kept = element.children.filter(others);
  const place = at === -1 ? kept.length : at;
  return {
    ...element,
    children: [...kept.slice(0, place), ...(child === undefined ? [] : [child]), ...kept.slice(place)],
  };
}

export function withAttributes(element: Element, attributes: Attributes): Element {
  return el(element.name, { ...element.attributes, ...attributes }, ...element.children);
}

/** The element with every child element mapped; undefined takes it out. */
export function mapChildren(element: Element, map: (child: Element) => Element | undefined): Element {
  return el(
    element.name,
    element.attributes,
    ...element.children.map((child) => (typeof child === "string" ? child : map(child))),
  );
}

function toOrdered(node: Element | string): OrderedNode {
  if (typeof node === "string") return { [textKey]: node };
  return { [node.name]: node.children.map(toOrdered), [attributesKey]: node.attributes };
}

function fromOrdered(node: OrderedNode): Element | string {
  if (textKey in node) return String(node[textKey]).trim();
  const name = Object.keys(node).find((key) => key !== attributesKey) ?? "";
  const attributes = Object.entries((node[attributesKey] ?? {}) as Readonly<Record<string, string>>);
  return {
    name: withoutSign(name),
    attributes: Object.fromEntries(attributes.map(([key, value]) => [withoutSign(key), value])),
    // White space between elements is only there for the eye.
    children: (node[name] as OrderedNode[]).map(fromOrdered).filter((child) => child !== ""),
  };
}

function withoutSign(name: string): string {
  return name.startsWith(sign) ? name.slice(sign.length) : name;
}
