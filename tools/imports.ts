import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/** One import of a source file. */
export interface Import {
  /** The importing file, from the root: `provider/host/run.ts`. */
  readonly from: string;
  /** The imported file, from the root and without its ending, or the package's name. */
  readonly to: string;
  /** Whether only types are imported, which vanish when the file is compiled. */
  readonly isType: boolean;
}

/** Every import of the folders' TypeScript files. */
export function importsBelow(root: string, folders: readonly string[]): Import[] {
  const files = folders.flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root }).sort());
  return files.flatMap((file) => importsOf(file, readFileSync(path.join(root, file), "utf8")));
}

/** @param file its path from the root */
export function importsOf(file: string, text: string): Import[] {
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, isType: boolean) => {
    if (specifier !== undefined && ts.isStringLiteral(specifier))
      found.push({ from: file, to: resolve(file, specifier.text), isType });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, bringsTypesOnly(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node))
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true);
    else if (ts.isCallExpression(node) && isLoading(node.expression)) add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

function bringsTypesOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const names = clause.namedBindings;
  return (
    clause.name === undefined &&
    names !== undefined &&
    ts.isNamedImports(names) &&
    names.elements.every(({ isTypeOnly }) => isTypeOnly)
  );
}

/** `import("…")` and `require("…")`. */
function isLoading(callee: ts.Expression): boolean {
  return callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === "require");
}

function resolve(file: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  return path.join(path.dirname(file), specifier).replace(/\.[jt]s$/, "");
}

/** What each module imports of values, by module. */
export type Graph = ReadonlyMap<string, readonly string[]>;

export function graphOf(imports: readonly Import[]): Graph {
  const graph = new Map<string, string[]>();
  for (const { from, to, isType } of imports) {
    if (!isType) graph.set(moduleOf(from), [...(graph.get(moduleOf(from)) ?? []), to]);
  }
  return graph;
}

/**
 * What each room imports of others, by room: a directory of provider/, of its resources, the rooms of machine/, the composition root,
 * and the SDK. Types count, since who reads one room has to read what it speaks of.
 * @param room the room of a file; undefined for packages and tools
 */
export function roomsOf(imports: readonly Import[], room: (file: string) => string | undefined = roomOf): Graph {
  const rooms = new Map<string, readonly string[]>();
  for (const { from, to } of imports) {
    const [own, other] = [room(from), room(to)];
    if (own === undefined || other === undefined || own === other) continue;
    rooms.set(own, [...new Set([...(rooms.get(own) ?? []), other])]);
  }
  return rooms;
}

function roomOf(file: string): string | undefined {
  const [, room] =
    /^(sdk|provider\/resources\/machine\/[^/]+(?=\/)|provider\/resources\/[^/]+|provider\/[^/]+)/.exec(file) ?? [];
  return room;
}

/** What a file reaches by its imports of values, beginning with itself. */
export function reachableFrom(file: string, graph: Graph): ReadonlySet<string> {
  const seen = new Set<string>();
  const visit = (module: string): void => {
    if (seen.has(module)) return;
    seen.add(module);
    graph.get(module)?.forEach(visit);
  };
  visit(moduleOf(file));
  return seen;
}

/** The imports that lead back to where they come from. */
export function cyclesIn(graph: Graph): string[] {
  return [...graph].flatMap(([from, targets]) =>
    targets.filter((to) => reachableFrom(to, graph).has(from)).map((to) => `${from} → ${to}`),
  );
}

function moduleOf(file: string): string {
  return file.replace(/\.[jt]s$/, "");
}
