import ts from "typescript";
import { nodesOf, type TreeFile } from "./tree";

export type FunctionNode = ts.FunctionLikeDeclaration & { readonly body: ts.Node };

export interface NamedFunction {
  readonly name: string;
  readonly file: TreeFile;
  readonly node: FunctionNode;
}

/** A function that has a name: one that is declared, a method, the value of a constant or a property. */
export function functionsOf(file: TreeFile): NamedFunction[] {
  return nodesOf(file.source).flatMap((node) => {
    if (!isFunction(node)) return [];
    const name = nameOf(node);
    return name === undefined ? [] : [{ name, file, node }];
  });
}

export function isFunction(node: ts.Node): node is FunctionNode {
  return ts.isFunctionLike(node) && "body" in node && node.body !== undefined;
}

function nameOf(node: FunctionNode): string | undefined {
  if (ts.isConstructorDeclaration(node)) return `new ${node.parent.name?.text ?? ""}`;
  if (node.name !== undefined) return node.name.getText();
  const { parent } = node;
  const isValue =
    ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent);
  return isValue ? parent.name.getText() : undefined;
}

/** From its first word to its last, without the comment above it. */
export function linesOf(node: ts.Node): number {
  const source = node.getSourceFile();
  const lineAt = (position: number) => source.getLineAndCharacterOfPosition(position).line;
  return lineAt(node.getEnd()) - lineAt(node.getStart()) + 1;
}
