import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import ts from "typescript";
import { root } from "./site";

interface Exception {
  readonly file: RegExp;
  readonly word: string;
  readonly reason: string;
}

/** Where a word to avoid is the right one. */
const exceptions: readonly Exception[] = [
  { file: /^provider\/releases\/catalogue\.ts$/, word: "sign", reason: "a key signs a list of sums" },
  { file: /^docs\/install\.md$/, word: "unplugged", reason: "a setting of yarn" },
  ...(
    [
      ["agama/hand-over", "nobody"],
      ["shared/hand-over-script", "begin"],
      ["shared/hand-over", "tell"],
    ] as const
  ).map(([file, word]) => ({
    file: new RegExp(`^provider/install/${file}\\.ts$`),
    word,
    reason: "a script on the ISO: every ISO would be written again for a word",
  })),
];

/** A text that users read. */
interface Prose {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** The words in backquotes in the second column of DESIGN.md's table of words. */
function wordsToAvoid(design: string): string[] {
  const [, table = ""] = /\n\| Use +\| Avoid .*\n\|[-| ]+\n((?:\|.*\n)+)/.exec(design) ?? [];
  return table
    .split("\n")
    .flatMap((row) => [...(row.split("|")[2] ?? "").matchAll(/`([^`]+)`/g)].map(([, word = ""]) => word));
}

function patternOf(word: string): RegExp {
  return new RegExp(String.raw`(?<![\w-])${word.replaceAll(" ", String.raw`[\s-]+`)}(?![\w-])`, "i");
}

/** The texts of a source file: string and template literals of several words, without import paths and types. */
function proseOfSource(file: string, source: string): Prose[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const found: Prose[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isLiteralTypeNode(node)) return;
    const text = textOf(node);
    if (text !== undefined && /\S\s+\S/.test(text)) found.push({ file, line: lineOf(node), text });
    ts.forEachChild(node, visit);
  };
  const lineOf = (node: ts.Node) => tree.getLineAndCharacterOfPosition(node.getStart()).line + 1;
  visit(tree);
  return found;
}

function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join("…");
}

/** The paragraphs of a document, without code in a line. */
function proseOfDocument(file: string, document: string): Prose[] {
  const plain = document.replaceAll(/`[^`\n]*`/g, "…");
  const lineAt = (index: number) => plain.slice(0, index).split("\n").length;
  return [...plain.matchAll(/(?:.+\n?)+/g)].map(({ 0: text, index }) => ({ file, line: lineAt(index), text }));
}

function proseOf(file: string): Prose[] {
  const text = readFileSync(path.join(root, file), "utf8");
  return file.endsWith(".md") ? proseOfDocument(file, text) : proseOfSource(file, text);
}

interface Use extends Prose {
  readonly word: string;
}

function usesOf(words: readonly string[], among: readonly Prose[]): Use[] {
  return words.flatMap((word) =>
    among.filter(({ text }) => patternOf(word).test(text)).map((prose) => ({ ...prose, word })),
  );
}

function around(text: string, word: string): string {
  const at = text.search(patternOf(word));
  return text.slice(Math.max(0, at - 40), at + 40).replaceAll(/\s+/g, " ");
}

function isExcepted({ file, word }: Use, { file: excepted, word: allowed }: Exception): boolean {
  return excepted.test(file) && word === allowed;
}

describe("what users and readers of DESIGN.md read", () => {
  const words = wordsToAvoid(readFileSync(path.join(root, "DESIGN.md"), "utf8"));
  const files = [
    "README.md",
    "CHANGELOG.md",
    "DESIGN.md",
    ...globSync(["{docs,examples}/**/*.md", "provider/**/*.ts", "sdk/**/*.ts"], { cwd: root }),
  ];
  const prose = files.flatMap(proseOf);
  const uses = usesOf(words, prose);

  it("has none of the words that DESIGN.md says to avoid", () => {
    assert.ok(words.length > 20, "the table is read");
    assert.ok(prose.length > 500, "texts are read");
    const wrong = uses.filter((use) => !exceptions.some((exception) => isExcepted(use, exception)));
    assert.deepEqual(
      wrong.map(({ file, line, word, text }) => `${file}:${line}: "${word}" in "${around(text, word)}"`),
      [],
    );
  });

  for (const exception of exceptions) {
    it(`"${exception.word}" is needed in ${exception.file.source}: ${exception.reason}`, () => {
      assert.ok(uses.some((use) => isExcepted(use, exception)));
    });
  }

  it("is found in literals and documents, in any case and form, and nowhere else", () => {
    const source = [
      'import { folder } from "./a folder/folder";',
      'const folder: "a folder" = tell("folder", /a folder/);',
      "const said = `Folder ${name} is cut-off`;",
    ].join("\n");
    const read = [...proseOfSource("a.ts", source), ...proseOfDocument("a.md", "is `a folder`, cut\noff")];
    assert.deepEqual(
      usesOf(["folder", "cut off", "tell"], read).map(({ file, line, word }) => `${file}:${line} ${word}`),
      ["a.ts:3 folder", "a.ts:3 cut off", "a.md:1 cut off"],
    );
  });
});
