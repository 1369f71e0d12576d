import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import ts from "typescript";
import { root } from "../site";

const page = "docs/troubleshooting.md";

/** The texts of a source file, with `…` where a value is. */
function textsOf(source: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) found.push(node.text);
    if (ts.isTemplateExpression(node))
      found.push([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join("…"));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("source.ts", source, ts.ScriptTarget.Latest));
  return found.map((text) => text.replaceAll(/\$\d/g, "…"));
}

const texts = globSync("provider/**/*.ts", { cwd: root }).flatMap((file) =>
  textsOf(readFileSync(path.join(root, file), "utf8")),
);

/** The code before the dash of each item of a list. */
function quotesIn(markdown: string): string[] {
  const heads = [...markdown.replaceAll(/\n +/g, " ").matchAll(/^- (.*?) — /gm)];
  return heads.flatMap(([, head = ""]) => [...head.matchAll(/(`+)(.+?)\1(?!`)/g)].map(([, , quote = ""]) => quote));
}

function unknownIn(markdown: string): string[] {
  return quotesIn(markdown).filter((quote) => !texts.some((text) => text.includes(quote)));
}

describe(`the errors that ${page} quotes`, () => {
  it("are in the code", () => {
    const markdown = readFileSync(path.join(root, page), "utf8");
    assert.ok(quotesIn(markdown).length > 40);
    assert.deepEqual(unknownIn(markdown), []);
  });

  it("are reported if no code has them", () => {
    const markdown = "- `this user may not use …` and ``has no `adress` `` — why\n- `does not answer at` — why";
    assert.deepEqual(unknownIn(markdown), ["this user may not use …", "has no `adress` "]);
  });
});
