import ts from "typescript";
import { total } from "./statistics";
import { nodesOf } from "./tree";

export interface Casts {
  /** `x as X`, but `as const`. */
  readonly as: number;
  /** `x!`. */
  readonly nonNull: number;
  readonly any: number;
}

export function castsOf(source: ts.SourceFile): Casts {
  const nodes = nodesOf(source);
  return {
    as: nodes.filter((node) => ts.isAssertionExpression(node) && !ts.isConstTypeReference(node.type)).length,
    nonNull: nodes.filter(ts.isNonNullExpression).length,
    any: nodes.filter(({ kind }) => kind === ts.SyntaxKind.AnyKeyword).length,
  };
}

/** How many names a file exports; `export *` counts as one. */
export function exportsOf(source: ts.SourceFile): number {
  return total(source.statements.map(exportedBy));
}

function exportedBy(statement: ts.Statement): number {
  if (ts.isExportAssignment(statement)) return 1;
  if (ts.isExportDeclaration(statement)) {
    const clause = statement.exportClause;
    return clause !== undefined && ts.isNamedExports(clause) ? clause.elements.length : 1;
  }
  const isExported =
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
  if (!isExported) return 0;
  return ts.isVariableStatement(statement) ? statement.declarationList.declarations.length : 1;
}

/** Lines of a file, as `wc -l` counts them. */
export function lineCount({ text }: ts.SourceFile): number {
  return text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}
