import { type Document, isAlias, isMap, isScalar, isSeq, parseDocument, type ParsedNode } from "yaml";
import { renderYaml } from "./render";

/** What can't be read as another value, or as another part of a list or map, by any version of YAML. */
const bareWord = /^[\w.~+-](?:[\w.~+:/-]*[\w.~+/-])?$/;

type Printed = ReadonlyMap<string, string>;

/**
 * The values of a map of a document, each as YAML on one line. Words without quotes are printed as they are written, because
 * versions of YAML read some of them differently: `yes`, `0644`. @param path of the map's keys; the text must be valid
 */
export function printedEntries(text: string, ...path: readonly string[]): Printed {
  const document = parseDocument(text, { prettyErrors: false });
  const map = path.reduce<unknown>((node, key) => {
    const inner = resolved(document, node);
    return isMap(inner) ? inner.get(key, true) : undefined;
  }, document.contents);
  const found = resolved(document, map);
  if (!isMap(found)) return new Map();
  return new Map(
    found.items.map(({ key, value }) => [keyOf(document, key), printed(document, value as ParsedNode | null)]),
  );
}

/** The items of a printed list with another one before or after them. */
export function withItem(list: string | undefined, item: string, place: "first" | "last"): string {
  const items = (list ?? "[]").slice(1, -1);
  const both = place === "first" ? [renderYaml(item), items] : [items, renderYaml(item)];
  return `[${both.filter((part) => part !== "").join(", ")}]`;
}

function resolved(document: Document, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function keyOf(document: Document, key: unknown): string {
  const node = resolved(document, key);
  return isScalar(node) ? (node.source ?? String(node.value)) : "";
}

function printed(document: Document, given: unknown): string {
  const node = resolved(document, given);
  if (isMap(node)) {
    const entries = node.items.map(({ key, value }) => `${printedKey(document, key)}: ${printed(document, value)}`);
    return `{${entries.join(", ")}}`;
  }
  if (isSeq(node)) return `[${node.items.map((item) => printed(document, item)).join(", ")}]`;
  if (!isScalar(node) || node.value === null) return "null";
  const { source = "", type, value } = node;
  return type === "PLAIN" && bareWord.test(source) ? source : renderYaml(type === "PLAIN" ? source : value);
}

/** The key `<<` merges another map. */
function printedKey(document: Document, key: unknown): string {
  const text = keyOf(document, key);
  return text === "<<" ? text : renderYaml(text);
}
