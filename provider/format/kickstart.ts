/** What needs no quotes for the kickstart reader, nor for a shell; no `%` and no `#`, which begin sections and comments. */
const bare = /^[\w./:@^+=,-]+$/;

/**
 * Makes a value one word, or the rest of one, for the kickstart reader and for the shell scripts among its sections: both
 * take single quotes alike. The reader begins a line at each of Unicode's line ends, all of which are refused.
 * @throws Error that says what the value may not be
 */
export function escapeKickstart(value: string): string {
  if (/[\p{Cc}\u2028\u2029]/u.test(value)) {
    throw new Error("has a line break or another control character, which would start another command; give one line");
  }
  return bare.test(value) ? value : `'${value.replaceAll("'", `'"'"'`)}'`;
}

/** The words of a command, without their quotes, as the kickstart reader takes them; undefined where a quote isn't closed. */
export function splitKickstart(command: string): string[] | undefined {
  const part = String.raw`[^\s'"\\]|'[^']*'|"(?:[^"\\]|\\.)*"|\\.`;
  if (!new RegExp(String.raw`^(?:\s|${part})*$`).test(command)) return undefined;
  const words = command.match(new RegExp(`(?:${part})+`, "g")) ?? [];
  return words.map((word) => word.replaceAll(new RegExp(part, "g"), unquote));
}

function unquote(part: string): string {
  if (part.startsWith("'")) return part.slice(1, -1);
  // Between double quotes a backslash is one, but before another and before a double quote.
  if (part.startsWith('"')) return part.slice(1, -1).replaceAll(/\\(["\\])/g, "$1");
  return part.replace(/^\\/, "");
}
