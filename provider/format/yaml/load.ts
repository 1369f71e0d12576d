import path from "node:path";
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseDocument,
  type Scalar,
  type YAMLError,
} from "yaml";
import { KvmError, messageOf } from "../../values/errors";
import { lostKeyProblem, lostKeysIn } from "../../values/keys";
import { frame, type Position } from "./frame";
import { findInclude, includeCandidates, type ReadText } from "./include";
import { type Child, type Located, locatedLeaf, locatedList, locatedMap, positionIn } from "./located";

export type { Position } from "./frame";
export type { ReadText } from "./include";

export interface ParsedYaml {
  readonly value: unknown;
  /**
   * The place of the value at the path, or of its key. Without such a value, the place of the innermost key around it.
   */
  positionOf(path: readonly PropertyKey[], part?: "value" | "key"): Position;
}

export interface LoadedDocument extends ParsedYaml {
  /** The configuration file itself. */
  readonly file: string;
  /** The message with its place, and the line with a pointer. */
  frame(message: string, position: Position): string;
}

/** How scalars are read. */
export interface Dialect {
  readonly schema: "core" | "failsafe";
  /** @throws Error that says what to write instead */
  readonly valueOf: (scalar: { readonly value: unknown; readonly isPlain: boolean }) => unknown;
}

const today: Dialect = { schema: "core", valueOf: ({ value }) => value };

/** One file during parsing. */
interface Source {
  readonly file: string;
  readonly text: string;
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
  readonly include: Include;
  readonly dialect: Dialect;
  /** The anchors that are being read, to find an alias within its own anchor. */
  readonly open: Set<ParsedNode>;
}

type Include = (name: string, source: Source, at: Position) => Located;

/** @throws KvmError with the place of the error; `!include` is an error, because only configurations allow it */
export function parseYaml(text: string, file: string): ParsedYaml {
  const include: Include = (_name, source, at) => fail(source, at, "!include is not possible in this file");
  return parsedOf(locate(text, file, include, today));
}

/** Reads a configuration with all its includes. @throws KvmError with the place of the error */
export function loadDocument(file: string, read: ReadText, dialect = today): LoadedDocument {
  const root = path.normalize(file);
  const text = read(root);
  if (text === undefined) {
    throw new KvmError("not-found", `the configuration file "${file}" does not exist`, {
      remedy: "Give its path, relative to the directory of the Pulumi program",
    });
  }
  const texts = new Map([[root, text]]);
  const reader: ReadText = (name) => {
    const found = read(name);
    if (found !== undefined) texts.set(name, found);
    return found;
  };
  return {
    ...parsedOf(locate(text, root, includer([root], reader), dialect)),
    file: root,
    frame: (message, position) => frame(message, position, texts.get(position.file) ?? ""),
  };
}

function parsedOf(root: Located): ParsedYaml {
  return { value: root.value, positionOf: (at, part) => positionIn(root, at, part) };
}

/** @param chain the files that include each other, starting with the configuration */
function includer(chain: readonly [string, ...string[]], read: ReadText): Include {
  return (name, source, at) => {
    const candidates = includeCandidates(name, source.file, chain[0]);
    const found = findInclude(candidates, read);
    if (found === undefined) {
      return fail(source, at, `the included file "${name}" was not found; looked for ${candidates.join(" and ")}`);
    }
    if (chain.includes(found.file)) {
      return fail(source, at, `${found.file} includes itself: ${[...chain, found.file].join(" -> ")}`);
    }
    return locate(found.text, found.file, includer([...chain, found.file], read), source.dialect);
  };
}

function locate(text: string, file: string, include: Include, dialect: Dialect): Located {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    schema: dialect.schema,
    customTags: (tags) => [...tags, includeTag],
  });
  const source: Source = { file, text, document, lines, include, dialect, open: new Set() };
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) return fail(source, positionAt(source, problem.pos[0]), wordsOf(problem));
  if (document.contents === null) return locatedLeaf(null, { file, line: 1, column: 1 });
  return locateNode(source, document.contents);
}

/** Registers the tag with the parser; `locateNode` handles it. */
const includeTag = { tag: "!include", resolve: (text: string) => text };

const includeUse = "write `!include FILE`, such as `!include net/lab.yaml`";

function wordsOf({ code, message }: YAMLError): string {
  return code === "TAG_RESOLVE_FAILED" ? `there is no such tag, or not here; ${includeUse}` : message;
}

function locateNode(source: Source, node: ParsedNode): Located {
  const at = positionAt(source, node.range[0]);
  if (isAlias(node)) return locateTarget(source, node.resolve(source.document) as ParsedNode | undefined, at);
  if (node.tag === "!include") return locateInclude(source, node, at);
  if (isMap(node)) return locatedMap(locatePairs(source, node), at);
  if (isSeq(node)) {
    return locatedList(
      node.items.map((item) => locateNode(source, item)),
      at,
    );
  }
  return locatedLeaf(valueOf(source, node, at), at);
}

function valueOf(source: Source, { value, type, tag }: Scalar.Parsed, at: Position): unknown {
  try {
    return source.dialect.valueOf({ value, isPlain: type === "PLAIN" && tag === undefined });
  } catch (error) {
    return fail(source, at, messageOf(error));
  }
}

function locateInclude(source: Source, node: ParsedNode, at: Position): Located {
  if (isScalar(node) && typeof node.value === "string" && node.value !== "")
    return source.include(node.value, source, at);
  return fail(source, at, `the name of the file is missing; ${includeUse}`);
}

function locateTarget(source: Source, target: ParsedNode | undefined, at: Position): Located {
  if (target === undefined)
    return fail(source, at, "no anchor before this alias has its name; write a text that starts with * in quotes");
  if (source.open.has(target)) return fail(source, at, "this alias stands within its own anchor");
  source.open.add(target);
  const located = locateNode(source, target);
  source.open.delete(target);
  return located;
}

/** A map's own keys win over keys merged by `<<`. */
function locatePairs(source: Source, map: Extract<ParsedNode, { items: { key: unknown }[] }>): Map<string, Child> {
  const own = new Map<string, Child>();
  const merged = new Map<string, Child>();
  for (const { key, value } of map.items) {
    const keyAt = positionAt(source, key.range[0]);
    const node = value === null ? locatedLeaf(null, keyAt) : locateNode(source, value);
    if (isMergeKey(key)) merge(merged, source, node, keyAt);
    else own.set(keyText(source, key, keyAt), { keyAt, node });
  }
  return new Map([...merged, ...own]);
}

/** The first of several merged maps wins. */
function merge(merged: Map<string, Child>, source: Source, node: Located, keyAt: Position): void {
  const maps = Array.isArray(node.value) ? [...node.children.values()].map((child) => child.node) : [node];
  for (const map of maps) {
    if (typeof map.value !== "object" || map.value === null) fail(source, keyAt, "<< needs a map or a list of maps");
    for (const [key, child] of map.children) if (!merged.has(key)) merged.set(key, child);
  }
}

function isMergeKey(key: ParsedNode): boolean {
  return isScalar(key) && key.type === "PLAIN" && key.value === "<<";
}

function keyText(source: Source, key: ParsedNode, at: Position): string {
  const text = isScalar(key) ? String(key.value) : fail(source, at, "a key must be a plain text");
  return lostKeysIn({ [text]: null }).length === 0 ? text : fail(source, at, lostKeyProblem);
}

function positionAt({ file, lines }: Source, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { file, line, column: col };
}

function fail(source: Source, position: Position, message: string): never {
  throw new KvmError("invalid-input", frame(message, position, source.text));
}
