import { type Alias, type Document, LineCounter, type ParsedNode, parseDocument, visit, type YAMLError } from "yaml";
import { KvmError } from "../../values/errors";
import { frame, type Position } from "./frame";
import { limits, lineTooDeep } from "./limits";

/** How the scalars of a file are read. */
export interface Dialect {
  readonly schema: "core" | "failsafe";
  readonly tags: readonly string[];
  /** @throws Error that says what to write instead */
  readonly valueOf: (scalar: { readonly value: unknown; readonly isPlain: boolean }) => unknown;
}

const today: Dialect = {
  schema: "core",
  tags: ["!include", "!env", "!secret", "!append"],
  valueOf: ({ value }) => value,
};

/** One parsed file. */
export interface Source {
  readonly file: string;
  readonly text: string;
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
  readonly dialect: Dialect;
  /** What each alias means. */
  readonly targets: ReadonlyMap<Alias, ParsedNode>;
}

/** The tags that the parser accepts; the walk through the document gives them their meaning. */
function tagsOf({ tags }: Dialect) {
  return tags.flatMap((tag) => [
    { tag, resolve: (text: string) => text },
    { tag, collection: "map" as const },
    { tag, collection: "seq" as const },
  ]);
}

/** @throws KvmError with the place of the error */
export function parseSource(text: string, file: string, dialect = today): Source {
  const start = { file, line: 1, column: 1 };
  if (text.length > limits.bytes)
    throw wrong(text, start, `the file is longer than ${limits.bytes / 2 ** 20} MiB, which is the limit`);
  const deep = lineTooDeep(text);
  if (deep !== undefined) throw wrong(text, { file, line: deep, column: 1 }, tooDeep);
  const lines = new LineCounter();
  const options = { lineCounter: lines, prettyErrors: false, schema: dialect.schema, customTags: tagsOf(dialect) };
  const document = parseDocument(text, options);
  const source = { file, text, document, lines, dialect, targets: targetsIn(document) };
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) fail(source, positionAt(source, problem.pos[0]), wordsOf(problem, source));
  return source;
}

/** An alias means the last anchor of its name before it. */
function targetsIn(document: Document.Parsed): Map<Alias, ParsedNode> {
  const anchors = new Map<string, ParsedNode>();
  const targets = new Map<Alias, ParsedNode>();
  visit(document, {
    Alias(_key, alias) {
      const target = anchors.get(alias.source);
      if (target !== undefined) targets.set(alias, target);
    },
    Value(_key, node) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node as ParsedNode);
    },
  });
  return targets;
}

export const tooDeep = `lists and maps are nested more than ${limits.depth} deep, which is the limit`;

export const includeUse = "write `!include FILE`, such as `!include net/lab.yaml`";

function wordsOf({ code, message, pos: [start] }: YAMLError, { text, dialect }: Source): string {
  if (code === "TAG_RESOLVE_FAILED")
    return `there is no such tag, or not here; the tags are ${dialect.tags.join(", ")}: ${includeUse}`;
  if (code === "MULTIPLE_DOCS") return "the file has a second document; remove the line `---` and put both into one";
  if (code === "DUPLICATE_KEY") return "the key is given twice";
  const line = text.slice(text.lastIndexOf("\n", start - 1) + 1).split("\n", 1)[0] ?? "";
  return line.includes("${") ? `${message}. Write a text with \${ within braces or brackets in quotes` : message;
}

export function positionOf(source: Source, node: ParsedNode): Position {
  return positionAt(source, node.range[0]);
}

function positionAt({ file, lines }: Source, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { file, line, column: col };
}

export function fail({ text }: Pick<Source, "text">, position: Position, message: string): never {
  throw wrong(text, position, message);
}

function wrong(text: string, position: Position, message: string): KvmError {
  return new KvmError("invalid-input", frame(message, position, text));
}
