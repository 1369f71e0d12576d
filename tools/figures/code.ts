import { duplicatesIn } from "./duplicates";
import { functionsOf, linesOf, type NamedFunction } from "./functions";
import { importedNames, importedNamesIn } from "./names";
import { type Measured, type Spread, spreadOf, total } from "./statistics";
import { type Casts, castsOf, exportsOf, lineCount } from "./syntax";
import { commentShare, lineShapes, lineTexts } from "./tokens";
import type { Tree, TreeFile } from "./tree";

/** What is measured of a group of files. */
export interface CodeFigures {
  readonly files: number;
  readonly lines: number;
  readonly functions: number;
  readonly linesOfFile: Spread | undefined;
  readonly linesOfFunction: Spread | undefined;
  readonly parameters: Spread | undefined;
  readonly casts: Casts;
  readonly exports: number;
  readonly commentShare: number;
  /** Pairs of places of the same shape. */
  readonly duplicates: number;
  /** Pairs of places that are the same to the letter. */
  readonly copies: number;
  readonly namesOfFile: Spread | undefined;
  readonly namesOfFunction: Spread | undefined;
}

export function codeFigures(files: readonly TreeFile[], { checker }: Tree): CodeFigures {
  const functions = files.flatMap(functionsOf);
  const sources = files.map(({ source }) => source);
  return {
    files: files.length,
    lines: total(sources.map(lineCount)),
    functions: functions.length,
    linesOfFile: spreadOf(ofFiles(files, ({ source }) => lineCount(source))),
    linesOfFunction: spreadOf(ofFunctions(functions, ({ node }) => linesOf(node))),
    parameters: spreadOf(ofFunctions(functions, ({ node }) => node.parameters.length)),
    casts: sumOf(sources.map(castsOf)),
    exports: total(sources.map(exportsOf)),
    commentShare: commentShare(sources),
    duplicates: duplicatesIn(sources.map(lineShapes)).length,
    copies: duplicatesIn(sources.map(lineTexts)).length,
    namesOfFile: spreadOf(ofFiles(files, (file) => importedNames(file).length)),
    namesOfFunction: spreadOf(ofFunctions(functions, (each) => importedNamesIn(each, checker))),
  };
}

function ofFiles(files: readonly TreeFile[], measure: (file: TreeFile) => number): Measured[] {
  return files.map((file) => ({ value: measure(file), name: file.path }));
}

function ofFunctions(functions: readonly NamedFunction[], measure: (each: NamedFunction) => number): Measured[] {
  return functions.map((each) => ({ value: measure(each), name: `${each.name}, ${each.file.path}` }));
}

function sumOf(casts: readonly Casts[]): Casts {
  const of = (kind: keyof Casts) => total(casts.map((each) => each[kind]));
  return { as: of("as"), nonNull: of("nonNull"), any: of("any") };
}
