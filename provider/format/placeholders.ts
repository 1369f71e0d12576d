import { KvmError } from "../values/errors";
import type { TemplatePart } from "./handlebars-text";
import { marked, withoutMarks } from "./line-marks";
import type { RenderedText, Template } from "./template";

/** A line of a table of kvm-deploy 2014: the placeholder, white space, and the place of its value. */
export interface PlaceholderRow {
  /** Such as `%%NAME%%`. */
  readonly placeholder: string;
  readonly expression: string;
  readonly line: number;
  /** Of the expression; both count from 1. */
  readonly column: number;
}

export function placeholderRows(table: string): PlaceholderRow[] {
  return table.split("\n").flatMap((text, index) => {
    const [, before = "", placeholder, expression = ""] = /^(\s*)(\S+)\s*(.*?)\s*$/.exec(text) ?? [];
    if (placeholder === undefined) return [];
    const column = text.indexOf(expression, before.length + placeholder.length) + 1;
    return [{ placeholder, expression, line: index + 1, column: expression === "" ? 1 : column }];
  });
}

export function isPlaceholder(text: string): boolean {
  return /^%%[^\s%]+%%$/.test(text);
}

/**
 * Fills in a template as kvm-deploy of 2014 did: white space at its ends is removed, a line that ends with a backslash is
 * joined to the next by one space, then each placeholder is replaced. What looks like a placeholder and has no value stays.
 */
export function fillPlaceholders(template: Template, values: ReadonlyMap<string, string>): RenderedText {
  const variables = new Set<string>();
  const text = withValues(joinedLines(template), [...values.keys()], (placeholder) => {
    variables.add(placeholder);
    return values.get(placeholder) ?? "";
  });
  return { ...withoutMarks(text), variables };
}

/** The template's text in the same form, with its placeholders as parts of their own. */
export function partsOf(template: Template, placeholders: readonly string[]): TemplatePart[] {
  const { text } = withoutMarks(joinedLines(template));
  if (placeholders.length === 0) return [{ text }];
  const parts = text.split(patternOf(placeholders));
  return parts.map((part, index) => (index % 2 === 0 ? { text: part } : { variable: part }));
}

function withValues(text: string, placeholders: readonly string[], value: (placeholder: string) => string): string {
  return placeholders.length === 0 ? text : text.replaceAll(patternOf(placeholders), value);
}

function patternOf(placeholders: readonly string[]): RegExp {
  const literals = placeholders.map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`(${literals.join("|")})`, "g");
}

interface Line {
  readonly text: string;
  /** The line of the template where it starts. */
  readonly line: number;
  /** The characters at its start in which no white space is removed any more. */
  readonly fixed: number;
}

/** With the marks of its lines. */
function joinedLines({ path, text }: Template): string {
  if (text.includes("\0"))
    throw new KvmError("invalid-input", `${path}: contains a NUL character, so it is not a text`);
  return joined(stripped(text))
    .map(({ text: value, line }) => marked({ value, original: value, line }))
    .join("\n");
}

/** The lines without white space at the ends of the text. */
function stripped(text: string): Line[] {
  const all = text.split("\n").map((line, index) => ({ text: line, line: index + 1, fixed: 0 }));
  const isFilled = ({ text: line }: Line) => trimmedEnd(line) !== "";
  const lines = all.slice(Math.max(0, all.findIndex(isFilled)), all.findLastIndex(isFilled) + 1);
  return lines.map((line, index) => {
    const start = index === 0 ? trimmedStart(line.text) : line.text;
    return { ...line, text: index === lines.length - 1 ? trimmedEnd(start) : start };
  });
}

/** Line by line, because a pattern over the whole text could take very long. White space before a joint may be lines. */
function joined(lines: readonly Line[]): Line[] {
  const done: Line[] = [];
  let open: Line | undefined;
  for (const line of lines) {
    if (open !== undefined && trimmedStart(line.text) === "") continue;
    const current: Line =
      open === undefined
        ? line
        : { ...open, text: `${open.text} ${trimmedStart(line.text)}`, fixed: open.text.length + 1 };
    open = current.text.endsWith("\\") && line !== lines.at(-1) ? opened(current, done) : undefined;
    if (open === undefined) done.push(current);
  }
  return done;
}

/** The line without its backslash and the white space before it, also in the lines before. */
function opened({ text, line, fixed }: Line, done: Line[]): Line {
  const body = text.slice(0, -1);
  let before: Line = { text: body.slice(0, Math.max(fixed, trimmedEnd(body).length)), line, fixed };
  while (before.text === "") {
    const last = done.pop();
    if (last === undefined) break;
    before = { ...last, text: last.text.slice(0, Math.max(last.fixed, trimmedEnd(last.text).length)) };
  }
  return before;
}

/** White space as Python 2 has it. */
const space = new Set(" \t\n\v\f\r");

function trimmedStart(text: string): string {
  let start = 0;
  while (space.has(text.charAt(start))) start += 1;
  return text.slice(start);
}

function trimmedEnd(text: string): string {
  let end = text.length;
  while (space.has(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
