/**
 * Makes a value safe for a preseed file, where a line is a question and its answer and a backslash at its end joins the
 * next one to it.
 * @throws Error that says what the value may not be
 */
export function escapePreseed(value: string): string {
  if (/[\r\n\0]/.test(value)) throw new Error("has a line break, which would start another answer; give one line");
  if (/\\\s*$/.test(value)) throw new Error("ends with a backslash, which would join the next line to it; remove it");
  return value;
}
