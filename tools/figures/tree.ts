import { globSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/** The TypeScript files of a checkout, with the types of the whole. */
export interface Tree {
  readonly root: string;
  readonly files: readonly TreeFile[];
  readonly checker: ts.TypeChecker;
  /** The file that a node belongs to; undefined outside the tree. */
  readonly fileOf: (node: ts.Node) => TreeFile | undefined;
}

export interface TreeFile {
  /** From the root: `provider/host/run.ts`. */
  readonly path: string;
  readonly source: ts.SourceFile;
}

const directories = ["provider", "sdk", "tools", "test"];

/** The same for each tree, whatever its own settings and packages are, so that trees can be compared. */
const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  strict: true,
  types: [],
  noEmit: true,
};

export function readTree(root: string): Tree {
  const paths = directories.flatMap((directory) => globSync(`${directory}/**/*.ts`, { cwd: root })).sort();
  const program = ts.createProgram({ rootNames: paths.map((file) => path.join(root, file)), options });
  const files = paths.flatMap((file) => {
    const source = program.getSourceFile(path.join(root, file));
    return source === undefined ? [] : [{ path: file, source }];
  });
  const bySource = new Map(files.map((file) => [file.source, file]));
  return { root, files, checker: program.getTypeChecker(), fileOf: (node) => bySource.get(node.getSourceFile()) };
}

/** Each node below and including this one; what is below is left out where `enters` says no. */
export function nodesOf(node: ts.Node, enters: (node: ts.Node) => boolean = () => true): ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (each: ts.Node): void => {
    if (!enters(each)) return;
    found.push(each);
    ts.forEachChild(each, visit);
  };
  visit(node);
  return found;
}

/** What a name stands for: where it is imported, what is imported. */
export function symbolOf(name: ts.Identifier, checker: ts.TypeChecker): ts.Symbol | undefined {
  const symbol = localSymbolOf(name, checker);
  return symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** Like `symbolOf`, but what is imported is the import itself. */
export function localSymbolOf(name: ts.Identifier, checker: ts.TypeChecker): ts.Symbol | undefined {
  const { parent } = name;
  return ts.isShorthandPropertyAssignment(parent) && parent.name === name
    ? checker.getShorthandAssignmentValueSymbol(parent)
    : checker.getSymbolAtLocation(name);
}
