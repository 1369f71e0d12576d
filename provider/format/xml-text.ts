const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/**
 * Escapes a value as text of an XML element or attribute. Characters that XML can't contain are refused, and so are
 * line breaks, which no value of an answers file has.
 * @throws Error that says what the value may not contain
 */
export function escapeXmlLine(value: string): string {
  if (/[\p{Cc}\p{Cs}\u2028\u2029\ufffe\uffff]/u.test(value))
    throw new Error("has a line break or another control character, which is not allowed here; give one line");
  return value.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
