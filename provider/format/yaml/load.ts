import path from "node:path";
import { type Alias, isMap, isScalar, type ParsedNode } from "yaml";
import { KvmError } from "../../values/errors";
import { howToName } from "../../values/paths";
import { frame, type Position } from "./frame";
import { findInclude, includeCandidates, type ReadText } from "./include";
import { Budget } from "./limits";
import { type Located, locatedLeaf, positionIn, StackSecret } from "./located";
import { parameterName, type Scope } from "./parameters";
import { type Dialect, fail, includeUse, parseSource, positionOf, type Source } from "./source";
import { type Around, attempt, locateContent, locateRoot } from "./walk";

export type { Position } from "./frame";
export type { ReadText } from "./include";
export type { Dialect } from "./source";

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
  readonly root: Located;
  /** The message with its place, and the line with a pointer. */
  frame(message: string, position: Position): string;
}

/** What a configuration may take from elsewhere. */
export interface Surroundings {
  readonly read: ReadText;
  /** The value of an environment variable, if there is one. */
  readonly environment?: (name: string) => string | undefined;
  /** The sections whose entries `for` and `count` repeat. */
  readonly repeated?: readonly string[];
  /** How scalars are read, if not as YAML 1.2 has it. */
  readonly dialect?: Dialect;
}

/** @throws KvmError with the place of the error; the tags are errors, because only configurations allow them */
export function parseYaml(text: string, file: string): ParsedYaml {
  const root = locateRoot({
    ...outermost(parseSource(text, file), []),
    tagged: (tag, node, { source }) => fail(source, positionOf(source, node), `${tag} is not possible in this file`),
  });
  return parsedOf(root);
}

function parsedOf(root: Located): ParsedYaml {
  return { value: root.value, positionOf: (at, part) => positionIn(root, at, part) };
}

function outermost(source: Source, repeated: readonly string[]) {
  return {
    source,
    scope: undefined,
    depth: 0,
    path: [],
    repeated,
    budget: new Budget(),
    open: [],
  } satisfies Partial<Around>;
}

/** Reads a configuration with all its includes. @throws KvmError with the place of the error */
export function loadDocument(file: string, surroundings: Surroundings): LoadedDocument {
  const name = path.normalize(file);
  const text = surroundings.read(name);
  if (text === undefined) {
    throw new KvmError("not-found", `the configuration file "${file}" does not exist`, {
      remedy: howToName(file),
    });
  }
  const source = parseSource(text, name, surroundings.dialect);
  const sources = new Map([[name, source]]);
  const around = outermost(source, surroundings.repeated ?? []);
  const root = locateRoot({ ...around, tagged: tagsOf({ chain: [name], sources, surroundings }) });
  return {
    ...parsedOf(root),
    root,
    file: name,
    frame: (message, position) => frame(message, position, sources.get(position.file)?.text ?? ""),
  };
}

type Tagged = Exclude<ParsedNode, Alias.Parsed>;

interface Loading {
  /** The files that include each other, starting with the configuration. */
  readonly chain: readonly [string, ...string[]];
  /** Every file that was read. */
  readonly sources: Map<string, Source>;
  readonly surroundings: Surroundings;
}

function tagsOf(loading: Loading): Around["tagged"] {
  return (tag, node, around) => {
    const { source } = around;
    const at = positionOf(source, node);
    if (tag === "!include") return included(node, at, around, loading);
    const name = nameIn(node, around) ?? fail(source, at, `the name is missing; write \`${tag} NAME\``);
    if (tag === "!env") {
      const value = loading.surroundings.environment?.(name);
      return locatedLeaf(value ?? fail(source, at, `there is no environment variable ${name}`), at);
    }
    return locatedLeaf(new StackSecret(name, at), at);
  };
}

/** The text after a tag, with its parameters replaced. */
function nameIn(node: Tagged, around: Around): string | undefined {
  if (!isScalar(node)) return undefined;
  const { value } = locateContent(node, around);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function included(node: Tagged, at: Position, around: Around, { chain, sources, surroundings }: Loading): Located {
  const { source } = around;
  const { name, scope } = isMap(node)
    ? parametersIn(node, at, around)
    : { name: nameIn(node, around), scope: undefined };
  if (name === undefined) return fail(source, at, `the name of the file is missing; ${includeUse}`);
  const candidates = includeCandidates(name, source.file, chain[0]);
  const read = (file: string) => sources.get(file)?.text ?? surroundings.read(file);
  const found = attempt(source, at, () => findInclude(candidates, read));
  if (found === undefined)
    return fail(source, at, `the included file "${name}" was not found; looked for ${candidates.join(" and ")}`);
  if (chain.includes(found.file))
    fail(source, at, `${found.file} includes itself: ${[...chain, found.file].join(" -> ")}`);
  const inner = sources.get(found.file) ?? parseSource(found.text, found.file, source.dialect);
  sources.set(found.file, inner);
  const tagged = tagsOf({ chain: [...chain, found.file], sources, surroundings });
  return locateRoot({ ...around, source: inner, scope, tagged, depth: around.depth + 1 });
}

/** `!include { file: FILE, with: { NAME: VALUE } }` */
function parametersIn(node: Tagged, at: Position, around: Around): { name: string; scope: Scope | undefined } {
  const { source } = around;
  const { children } = locateContent(node, { ...around, path: undefined });
  const file = children.get("file")?.node.value;
  const unknown = [...children].find(([key]) => key !== "file" && key !== "with");
  if (unknown !== undefined)
    fail(source, unknown[1].keyAt, `!include has no "${unknown[0]}"; it has \`file\` and \`with\``);
  if (typeof file !== "string" || file === "")
    return fail(source, at, `the name of the file is missing; ${includeUse}`);
  const given = children.get("with")?.node;
  if (given === undefined) return { name: file, scope: undefined };
  for (const [key, { keyAt }] of given.children)
    if (!parameterName.test(key))
      fail(source, keyAt, `"${key}" can't be a parameter; use letters, digits and underscores`);
  return { name: file, scope: new Map([...given.children].map(([key, child]) => [key, child.node])) };
}
