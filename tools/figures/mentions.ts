import ts from "typescript";
import { nodesOf, type Tree } from "./tree";

/** A thing that is there, for what adding its like would touch. */
export interface Example {
  readonly like: string;
  readonly thing: string;
  readonly isNamed: (names: readonly string[]) => boolean;
  /** The thing's own directory, which does not count. */
  readonly own?: string;
  /** Directories of other resources, which may have a field of the same name, do not count. */
  readonly resource?: string;
}

/** The hand-written files of provider/ and sdk/ that mention it. */
export function filesThatMention({ isNamed, own, resource }: Example, { files }: Tree): string[] {
  const isOthers = (file: string) =>
    resource !== undefined && isBelow("provider/resources/", file) && !isBelow(`provider/resources/${resource}/`, file);
  return files
    .filter(({ path }) => /^(provider|sdk)\//.test(path) && !path.endsWith(".gen.ts"))
    .filter(({ path }) => !isOthers(path) && (own === undefined || !isBelow(own, path)))
    .filter(({ source }) => isNamed(namesIn(source)))
    .map(({ path }) => path);
}

function isBelow(directory: string, file: string): boolean {
  return file.startsWith(directory);
}

/** Its identifiers, strings and patterns; no comments. */
function namesIn(source: ts.SourceFile): string[] {
  return nodesOf(source).flatMap((node) =>
    ts.isIdentifier(node) || ts.isStringLiteralLike(node) || ts.isRegularExpressionLiteral(node) ? [node.text] : [],
  );
}

/** Whether some name matches; a text with blanks is prose, which only explains. */
export function named(pattern: RegExp): (names: readonly string[]) => boolean {
  return (names) => names.some((name) => !name.includes(" ") && pattern.test(name));
}

/** Whether some name has this text in it. */
export function said(text: string): (names: readonly string[]) => boolean {
  return (names) => names.some((name) => name.includes(text));
}
