/** A word of a POSIX shell. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** The command that a POSIX shell runs as this program with these arguments. */
export function commandLine(program: string, args: readonly string[]): string {
  return [program, ...args].map(quote).join(" ");
}
