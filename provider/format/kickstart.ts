/**
 * Characters that need no quotes, neither for the kickstart reader nor for a shell. `%` and `#` start sections and
 * comments.
 */
const bare = /^[\w./:@^+=,-]+$/;

/**
 * Quotes a value as one word, or the rest of one, for the kickstart reader and for the shell scripts in its sections:
 * both parse single quotes in the same way. The reader starts a new line at each of Unicode's line ends, so all of them
 * are refused.
 * @throws Error that says what the value may not contain
 */
export function escapeKickstart(value: string): string {
  if (/[\p{Cc}\u2028\u2029]/u.test(value)) {
    throw new Error("has a line break or another control character, which would start another command; give one line");
  }
  return bare.test(value) ? value : `'${value.replaceAll("'", `'"'"'`)}'`;
}

/**
 * The words of a command without their quotes, as the kickstart reader splits them; undefined if a quote isn't closed.
 */
export function splitKickstart(command: string): string[] | undefined {
  const part = String.raw`[^\s'"\\]|'[^']*'|"(?:[^"\\]|\\.)*"|\\.`;
  if (!new RegExp(String.raw`^(?:\s|${part})*$`).test(command)) return undefined;
  const words = command.match(new RegExp(`(?:${part})+`, "g")) ?? [];
  return words.map((word) => word.replaceAll(new RegExp(part, "g"), unquote));
}

function unquote(part: string): string {
  if (part.startsWith("'")) return part.slice(1, -1);
  // Between double quotes a backslash is literal, except before a backslash or a double quote.
  if (part.startsWith('"')) return part.slice(1, -1).replaceAll(/\\(["\\])/g, "$1");
  return part.replace(/^\\/, "");
}
