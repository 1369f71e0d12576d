import { type Alias, isAlias, isMap, isScalar, isSeq, type ParsedNode, type Scalar, type YAMLMap } from "yaml";
import { messageOf } from "../../values/errors";
import { lostKeyProblem, lostKeysIn } from "../../values/keys";
import type { Position } from "./frame";
import { type Budget, limits } from "./limits";
import {
  appended,
  type Child,
  countIn,
  isLocatedList,
  isLocatedMap,
  type Located,
  locatedLeaf,
  locatedList,
  locatedMap,
  partsOf,
} from "./located";
import { hasParameters, replaced, type Scope } from "./parameters";
import { copiesOf, repeatKeys } from "./repeat";
import { fail, positionOf, type Source, tooDeep } from "./source";

/** Where a node stands. */
export interface Around {
  readonly source: Source;
  /** What a tag means. */
  readonly tagged: (tag: string, node: Exclude<ParsedNode, Alias.Parsed>, around: Around) => Located;
  /** Undefined where texts are as they are written. */
  readonly scope: Scope | undefined;
  readonly depth: number;
  /** The keys from the root, as far as an entry that can be repeated. */
  readonly path: readonly string[] | undefined;
  /** The sections whose entries can be repeated. */
  readonly repeated: readonly string[];
  readonly budget: Budget;
  /** The anchors that are being read, to find an alias within its own anchor. */
  readonly open: readonly ParsedNode[];
}

export function locateRoot(around: Around): Located {
  const { contents } = around.source.document;
  return contents === null
    ? locatedLeaf(null, { file: around.source.file, line: 1, column: 1 })
    : locateNode(contents, around);
}

export function locateNode(node: ParsedNode, around: Around): Located {
  const { source, depth, budget } = around;
  const at = positionOf(source, node);
  if (!budget.spend()) fail(source, at, tooMany);
  if (depth > limits.depth) fail(source, at, tooDeep);
  if (isAlias(node)) return locateAlias(source.targets.get(node), at, around);
  const isSpecial = node.tag?.startsWith("!") === true && node.tag !== "!append";
  return isSpecial ? around.tagged(node.tag ?? "", node, around) : locateContent(node, around);
}

const tooMany = `the configuration has more than ${limits.values} values, with those of aliases, includes and parameters`;

/** The same without the meaning of its tag. */
export function locateContent(node: Exclude<ParsedNode, Alias.Parsed>, around: Around): Located {
  const { source, scope } = around;
  const at = positionOf(source, node);
  if (node.tag === "!append" && !isSeq(node)) fail(source, at, "!append needs a list, such as `!append [vim]`");
  if (isMap(node)) return locatedMap(locatePairs(node.items, around), at);
  if (isSeq(node)) return locateList(node.items, at, node.tag === "!append", deeper(around));
  const value = scalarOf(node, at, source);
  if (typeof value !== "string" || scope === undefined) return locatedLeaf(value, at);
  const text = value;
  const located = attempt(source, at, () => replaced(text, scope, at));
  if (!around.budget.spend(countIn(located) - 1)) fail(source, at, tooMany);
  return located;
}

function scalarOf({ value, type, tag }: Scalar.Parsed, at: Position, source: Source): unknown {
  return attempt(source, at, () => source.dialect.valueOf({ value, isPlain: type === "PLAIN" && tag === undefined }));
}

function locateList(items: readonly ParsedNode[], at: Position, isAppended: boolean, around: Around): Located {
  const located = items.map((item) => locateNode(item, around));
  if (!isAppended) return locatedList(located, at);
  return {
    ...locatedList(
      located.flatMap((item) => (isLocatedList(item) ? partsOf(item) : [item])),
      at,
    ),
    isAppended,
  };
}

function deeper(around: Around): Around {
  return { ...around, depth: around.depth + 1, path: undefined };
}

function locateAlias(target: ParsedNode | undefined, at: Position, around: Around): Located {
  const { source, open } = around;
  if (target === undefined)
    return fail(source, at, "no anchor before this alias has its name; write a text that starts with * in quotes");
  if (open.includes(target)) return fail(source, at, "this alias stands within its own anchor");
  return locateNode(target, { ...around, open: [...open, target] });
}

type Pair = YAMLMap.Parsed["items"][number];

/** A map's own keys win over keys merged by `<<`. */
function locatePairs(pairs: readonly Pair[], around: Around): Map<string, Child> {
  const own = new Map<string, Child>();
  const merged = new Map<string, Child>();
  for (const pair of pairs) {
    const keyAt = positionOf(around.source, pair.key);
    if (isMergeKey(pair.key)) {
      merge(merged, locateValue(pair, keyAt, { ...around, depth: around.depth + 1 }), around.source, keyAt);
      continue;
    }
    for (const [key, node] of entriesOf(pair, keyAt, around)) {
      if (own.has(key)) fail(around.source, keyAt, `the key "${key}" is given twice`);
      own.set(key, { keyAt, node });
    }
  }
  return new Map([
    ...merged,
    ...[...own].map(([key, child]) => [key, onto(merged.get(key), child, around.source)] as const),
  ]);
}

/** A list with `!append` follows the merged one. */
function onto(base: Child | undefined, child: Child, source: Source): Child {
  if (base === undefined || child.node.isAppended !== true) return child;
  if (!isLocatedList(base.node)) return fail(source, child.node.at, "!append follows what is no list");
  return { ...child, node: appended(base.node, child.node) };
}

/** The entries that a pair makes: several where it is repeated. */
function entriesOf(pair: Pair, keyAt: Position, around: Around): (readonly [string, Located])[] {
  const { path, repeated, source } = around;
  const isEntry = path?.length === 1 && repeated.includes(path[0] ?? "");
  const value = isEntry ? repeatedMap(pair.value, around) : undefined;
  if (value === undefined) {
    const key = keyText(pair.key, keyAt, around);
    const inner = path !== undefined && path.length < 1 ? { ...deeper(around), path: [...path, key] } : deeper(around);
    return [[key, locateValue(pair, keyAt, inner)]];
  }
  const { keyword, given, rest, at } = value;
  const located = locateNode(given, deeper(around));
  const scopes = attempt(source, located.at, () => copiesOf(keyword, located));
  return scopes.map((copy) => {
    const scope = new Map([...(around.scope ?? []), ...copy]);
    const key = keyOfCopy(pair.key, keyAt, keyword, { ...around, scope });
    return [key, locatedMap(locatePairs(rest, { ...deeper(around), scope }), at)];
  });
}

function keyOfCopy(node: ParsedNode, keyAt: Position, keyword: (typeof repeatKeys)[number], around: Around): string {
  const written = isScalar(node) ? String(node.value) : "";
  if (hasParameters(written)) return keyText(node, keyAt, around);
  if (keyword === "for")
    fail(
      around.source,
      keyAt,
      `the key of an entry with \`for\` must differ for each copy: write a parameter into it, such as ${written}-\${index}`,
    );
  return `${keyText(node, keyAt, around)}-${String(around.scope?.get("index")?.value)}`;
}

interface Repeated {
  readonly keyword: (typeof repeatKeys)[number];
  readonly given: ParsedNode;
  /** The entry without it. */
  readonly rest: readonly Pair[];
  readonly at: Position;
}

function repeatedMap(node: ParsedNode | null, { source }: Around): Repeated | undefined {
  const map = isAlias(node) ? source.targets.get(node) : node;
  if (!isMap(map) || map.tag?.startsWith("!") === true) return undefined;
  const isKeyword = ({ key }: Pair) => repeatKeys.some((keyword) => isScalar(key) && key.value === keyword);
  const [pair, second] = map.items.filter(isKeyword);
  if (pair === undefined || pair.value === null) return undefined;
  if (second !== undefined) fail(source, positionOf(source, second.key), "give either `for` or `count`");
  const rest = map.items.filter((each) => each !== pair);
  return { keyword: keywordOf(pair), given: pair.value, rest, at: positionOf(source, map) };
}

function keywordOf({ key }: Pair): (typeof repeatKeys)[number] {
  return isScalar(key) && key.value === "for" ? "for" : "count";
}

function locateValue({ value }: Pair, keyAt: Position, around: Around): Located {
  return value === null ? locatedLeaf(null, keyAt) : locateNode(value, around);
}

/** The first of several merged maps wins. */
function merge(merged: Map<string, Child>, node: Located, source: Source, keyAt: Position): void {
  for (const map of isLocatedList(node) ? partsOf(node) : [node]) {
    if (!isLocatedMap(map)) fail(source, keyAt, "<< needs a map or a list of maps");
    for (const [key, child] of map.children) {
      const first = merged.get(key);
      merged.set(key, first === undefined ? child : onto(child, first, source));
    }
  }
}

function isMergeKey(key: ParsedNode): boolean {
  return isScalar(key) && key.type === "PLAIN" && key.value === "<<";
}

function keyText(key: ParsedNode, at: Position, { source, scope }: Around): string {
  const written = isScalar(key) ? String(key.value) : fail(source, at, "a key must be a plain text");
  const { value } = scope === undefined ? { value: written } : attempt(source, at, () => replaced(written, scope, at));
  if (!["string", "number"].includes(typeof value)) fail(source, at, "a key must be a plain text");
  const text = String(value);
  return lostKeysIn({ [text]: null }).length === 0 ? text : fail(source, at, lostKeyProblem);
}

/** What is wrong gets its place. */
export function attempt<Result>(source: Source, at: Position, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    return fail(source, at, messageOf(error));
  }
}
