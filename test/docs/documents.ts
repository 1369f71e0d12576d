import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { slug } from "github-slugger";
import MarkdownIt, { type Token } from "markdown-it";
import { root } from "../site";

/** A fenced block of a document. */
export interface Block {
  /** From the root. */
  readonly file: string;
  /** The line of its first character. */
  readonly line: number;
  /** The first word after the fence. */
  readonly language: string;
  /** The word after the language: `other`, or the name of the file that the block shows. */
  readonly name?: string | undefined;
  readonly text: string;
}

export interface Document {
  readonly file: string;
  readonly blocks: readonly Block[];
  /** The anchors of its headings. */
  readonly anchors: ReadonlySet<string>;
  /** The targets of its links and pictures, as written. */
  readonly links: readonly string[];
}

/** A part of a document that is wrong, and why. */
export interface Fault {
  readonly block: Block;
  /** Counted from the block's first line, which is 0. */
  readonly line?: number;
  readonly message: string;
}

const markdown = new MarkdownIt({ html: true });

/** The documents for users, and those of the project. */
export const documents: readonly Document[] = globSync(
  ["*.md", "docs/**/*.md", "examples/*/README.md", "provider/install/*/README.md"],
  { cwd: root },
)
  .sort()
  .map((file) => documentOf(file, readFileSync(path.join(root, file), "utf8")));

/** Read as Markdown; the anchors are those of GitHub and of the site. */
export function documentOf(file: string, text: string): Document {
  const tokens = markdown.parse(text, {});
  const inline = tokens.flatMap(({ children }) => children ?? []);
  return {
    file,
    blocks: tokens.flatMap((token) => (token.type === "fence" ? [blockOf(file, token)] : [])),
    anchors: anchorsOf(tokens),
    links: inline.flatMap((token) => token.attrGet("href") ?? token.attrGet("src") ?? []),
  };
}

function blockOf(file: string, { info, content, map }: Token): Block {
  const [language = "", name] = info.trim().split(/\s+/);
  return { file, line: (map?.[0] ?? 0) + 2, language, name, text: content };
}

function anchorsOf(tokens: readonly Token[]): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [index, { type }] of tokens.entries()) {
    if (type !== "heading_open") continue;
    const parts = tokens[index + 1]?.children ?? [];
    const anchor = slug(parts.map(({ type: part, content }) => (part === "html_inline" ? "" : content)).join(""));
    let count = 0;
    while (anchors.has(nth(anchor, count))) count += 1;
    anchors.add(nth(anchor, count));
  }
  return anchors;
}

function nth(anchor: string, count: number): string {
  return count === 0 ? anchor : `${anchor}-${count}`;
}

export function textOfFault({ block: { file, line }, line: inside = 0, message }: Fault): string {
  return `${file}:${line + inside}: ${message}`;
}
