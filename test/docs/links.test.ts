import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { isPage, sidebar } from "../../site/pages";
import { root } from "../site";
import { type Document, documentOf, documents } from "./documents";

/** The links of a document that lead to no file or no heading. */
function deadLinks({ file, links }: Document, among: readonly Document[]): string[] {
  return links.filter((link) => !isExternal(link) && !leadsSomewhere(file, link, among));
}

function isExternal(link: string): boolean {
  return /^[a-z]+:/i.test(link);
}

function leadsSomewhere(file: string, link: string, among: readonly Document[]): boolean {
  const [target = "", anchor] = link.split("#");
  const found = target === "" ? file : path.join(path.dirname(file), decodeURI(target));
  const document = among.find((each) => each.file === found);
  if (anchor !== undefined) return document?.anchors.has(decodeURI(anchor)) === true;
  return document !== undefined || existsSync(path.join(root, found));
}

describe("the links of", () => {
  for (const document of documents)
    if (document.links.length > 0) it(document.file, () => assert.deepEqual(deadLinks(document, documents), []));

  it("a document are dead without their file or heading", () => {
    const text =
      "# A `b` and c\n\n# D\n\n# D\n\n[a](#a-b-and-c) [d](a.md#d-1) [file](package.json) ![p](none.svg) [h](#d-2) [u](https://none)";
    const document = documentOf("a.md", text);
    assert.deepEqual(deadLinks(document, [document]), ["none.svg", "#d-2"]);
  });
});

describe("the site", () => {
  it("has each page once in its navigation, by its heading", () => {
    const links = sidebar().flatMap(({ items }) => items);
    const pages = documents.filter(({ file }) => isPage(file) && file !== "docs/index.md");
    assert.equal(links.length, pages.length);
    assert.equal(new Set(links.map(({ link }) => link)).size, pages.length);
    assert.ok(links.some(({ text, link }) => text === "The configuration file" && link === "/configuration.md"));
  });
});

it("README.md has at most 120 lines", () => {
  assert.ok(readFileSync(path.join(root, "README.md"), "utf8").split("\n").length <= 121);
});
