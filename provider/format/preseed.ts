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
