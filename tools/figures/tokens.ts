import ts from "typescript";
import { total } from "./statistics";

/** The tokens of a file in their order, without comments. */
function tokensOf(node: ts.Node, source: ts.SourceFile): ts.Node[] {
  if (ts.isImportDeclaration(node) || isDoc(node)) return [];
  const children = node.getChildren(source);
  return children.length === 0 ? [node] : children.flatMap((child) => tokensOf(child, source));
}

function isDoc({ kind }: ts.Node): boolean {
  return kind >= ts.SyntaxKind.FirstJSDocNode && kind <= ts.SyntaxKind.LastJSDocNode;
}

/** The shape of each line that has code: names, strings and numbers are all alike. Imports have none. */
export function lineShapes(source: ts.SourceFile): string[] {
  return codeLines(source, ({ kind }) => String(kind));
}

/** The code of each line that has some, without its comments. */
export function lineTexts(source: ts.SourceFile): string[] {
  return codeLines(source, (token) => token.getText(source));
}

function codeLines(source: ts.SourceFile, say: (token: ts.Node) => string): string[] {
  const lines = new Map<number, string[]>();
  for (const token of tokensOf(source, source).filter((each) => each.getWidth(source) > 0)) {
    const { line } = source.getLineAndCharacterOfPosition(token.getStart(source));
    lines.set(line, [...(lines.get(line) ?? []), say(token)]);
  }
  return [...lines.values()].map((tokens) => tokens.join(" "));
}

/** The share of comments in all that is no white space. */
export function commentShare(sources: readonly ts.SourceFile[]): number {
  const all = total(sources.map(({ text }) => solid(text)));
  const comments = total(sources.map(commentSize));
  return all === 0 ? 0 : comments / all;
}

function commentSize(source: ts.SourceFile): number {
  const before = (node: ts.Node): number => {
    if (isDoc(node)) return 0;
    const children = node.getChildren(source).filter((child) => !isDoc(child));
    if (children.length > 0) return total(children.map(before));
    return solid(source.text.slice(node.getFullStart(), node.getStart(source)));
  };
  return before(source);
}

function solid(text: string): number {
  return text.replace(/\s/g, "").length;
}
