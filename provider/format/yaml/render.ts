/**
 * A value as YAML on one line, in the part of YAML that JSON is: a text is always in double quotes, so that it can neither
 * end its line nor be taken for a number, a key, an anchor or a tag. YAML takes some signs only escaped that JSON takes plain.
 * @throws Error that says what the value may not be
 */
export function renderYaml(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new Error("is nothing that YAML could hold");
  if (/\\ud[89a-f]/i.test(text.replaceAll("\\\\", ""))) throw new Error("has half a character in it; write it anew");
  return text.replaceAll(/[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g, escapeOf);
}

function escapeOf(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
