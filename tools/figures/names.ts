import ts from "typescript";
import type { NamedFunction } from "./functions";
import { localSymbolOf, nodesOf, type TreeFile } from "./tree";

/** The names that a file imports, types too. */
export function importedNames({ source }: TreeFile): ts.Identifier[] {
  return source.statements.filter(ts.isImportDeclaration).flatMap(({ importClause }) => {
    const bindings = importClause?.namedBindings;
    const named = bindings === undefined ? [] : ts.isNamespaceImport(bindings) ? [bindings] : bindings.elements;
    return [importClause?.name, ...named.map(({ name }) => name)].filter((name) => name !== undefined);
  });
}

/** How many of the names that its file imports a function uses between its braces. */
export function importedNamesIn({ file, node }: NamedFunction, checker: ts.TypeChecker): number {
  const imported = new Set(importedNames(file).map((name) => checker.getSymbolAtLocation(name)));
  const used = nodesOf(node.body)
    .filter(ts.isIdentifier)
    .map((name) => localSymbolOf(name, checker))
    .filter((symbol) => symbol !== undefined && imported.has(symbol));
  return new Set(used).size;
}
