/**
 * A value as YAML on one line, in the subset of YAML that is JSON. A text is always in double quotes, so it can't end
 * its line or be read as a number, a key, an anchor or a tag. Some characters are literal in JSON and must be escaped
 * in YAML.
 * @throws Error that says what the value may not contain
 */
export function renderYaml(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new Error("can't be written as YAML");
  if (/\\ud[89a-f]/i.test(text.replaceAll("\\\\", ""))) throw new Error("contains half a character; write it again");
  return text.replaceAll(/[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g, escapeOf);
}

function escapeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
