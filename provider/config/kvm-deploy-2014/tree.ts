import path from "node:path";
import type { PlaceholderRow } from "../../format/placeholders";
import { fillPlaceholders } from "../../format/placeholders";
import { formatPosition, frame, type Position } from "../../format/yaml/frame";
import type { ReadText } from "../../format/yaml/include";
import type { LoadedDocument } from "../../format/yaml/load";
import { readPlaceholderTable } from "../../install/shared/placeholder-table";
import { KvmError } from "../../values/errors";

/** Something about a place of a tree of 2014. */
export interface Remark {
  readonly position: Position;
  readonly message: string;
  /** The line with a pointer, if it may be shown. */
  readonly framed?: string;
}

/** The part of a path: `["vm", "nic", 0, "ip"]`. */
export type Path = readonly (string | number)[];

/** The directory of a configuration of 2014, and what is found in it. */
export interface Tree {
  readonly document: LoadedDocument;
  readonly directory: string;
  readonly read: ReadText;
  /** What can't be carried over. */
  readonly lost: Remark[];
  /** What means nothing any more, or means something else. */
  readonly notes: Remark[];
}

/** A template with its table. */
export interface Pair {
  readonly template: File;
  readonly table: File;
}

interface File {
  readonly path: string;
  readonly text: string;
}

export function treeOf(document: LoadedDocument, read: ReadText): Tree {
  return { document, directory: path.dirname(document.file), read, lost: [], notes: [] };
}

/** @throws KvmError at the value of the configuration that requires it */
export function fail({ document }: Tree, at: Path, message: string): never {
  throw new KvmError("invalid-input", document.frame(`${written(at)}: ${message}`, document.positionOf(at)));
}

/** Adds what can't be carried over. */
export function lose(tree: Tree, at: Path, message: string): void {
  const position = tree.document.positionOf(at);
  const text = `${written(at)}: ${message}`;
  tree.lost.push({ position, message: text, framed: tree.document.frame(text, position) });
}

export function note(tree: Tree, at: Path, message: string): void {
  tree.notes.push({ position: tree.document.positionOf(at), message: `${written(at)}: ${message}` });
}

export function written(at: Path): string {
  return at.map((key, index) => (typeof key === "number" ? `[${key}]` : index === 0 ? key : `.${key}`)).join("");
}

/** `templates/NAME.template` with its table; undefined if neither exists. @throws KvmError if only one exists */
export function pairNamed({ directory, read }: Tree, name: string): Pair | undefined {
  const [template, table] = ["template", "table"].map((ending) => {
    const file = path.join(directory, "templates", `${name}.${ending}`);
    const text = read(file);
    return { path: file, text };
  });
  if (template?.text === undefined && table?.text === undefined) return undefined;
  for (const file of [template, table])
    if (file?.text === undefined) throw new KvmError("not-found", `the file ${file?.path ?? name} does not exist`);
  return { template, table } as Pair;
}

/** The values that a table gives, with the paths from which they come; problems of its lines are lost values. */
export function valuesIn(tree: Tree, { table }: Pair, data: object, spelling?: (expression: string) => string) {
  const { values, paths, problems } = readPlaceholderTable(table.text, data, spelling);
  for (const { row, column, message } of problems) loseRow(tree, table, row, column, message);
  return { values, paths };
}

function loseRow({ lost }: Tree, table: File, row: PlaceholderRow, column: number, message: string): void {
  const position = { file: table.path, line: row.line, column };
  if (lost.some((other) => formatPosition(other.position) === formatPosition(position))) return;
  lost.push({ position, message, framed: frame(message, position, table.text) });
}

/** The text that the tool of 2014 made of a pair, and the lines from which it comes. */
export function filled(tree: Tree, pair: Pair, data: object, spelling?: (expression: string) => string) {
  return fillPlaceholders(pair.template, valuesIn(tree, pair, data, spelling).values);
}

export function loseLine({ lost }: Tree, { path: file, text }: File, line: number, message: string): void {
  const position = { file, line, column: 1 };
  lost.push({ position, message, framed: frame(message, position, text) });
}
