/**
 * Checks a value for a preseed file, in which a line is a question with its answer, and a backslash at its end joins
 * the next line.
 * @throws Error that says what the value may not contain
 */
export function escapePreseed(value: string): string {
  if (/[\r\n\0]/.test(value)) throw new Error("has a line break, which would start another answer; give one line");
  if (/\\\s*$/.test(value)) throw new Error("ends with a backslash, which would join the next line to it; remove it");
  return value;
}

/** A line of a preseed file; lines that a backslash joins are one. */
export interface PreseedAnswer {
  readonly owner: string;
  readonly question: string;
  readonly type: string;
  readonly value: string;
  /** Where it starts, counted from 1. */
  readonly line: number;
}

/** The answers of a preseed file as Debian's installer reads them: of two to the same question, the later one counts. */
export function parsePreseed(text: string): PreseedAnswer[] {
  const answers: PreseedAnswer[] = [];
  let joined: { readonly text: string; readonly line: number } | undefined;
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.replaceAll("\r", "").trimStart();
    // Comments and empty lines are left out first, also between joined lines.
    if (line.trim() === "" || raw.startsWith("#")) continue;
    const whole = joined === undefined ? line : `${joined.text} ${line}`;
    const start = joined?.line ?? index + 1;
    joined = line.endsWith("\\") ? { text: whole.replace(/\s*\\$/, ""), line: start } : undefined;
    const [, owner = "", question = "", type = "", value = ""] =
      /^(\S+)\s+(\S+)\s+(\S+)(?:\s+(.*))?$/.exec(whole) ?? [];
    if (joined === undefined && owner !== "") answers.push({ owner, question, type, value, line: start });
  }
  return answers;
}
