// What set-up says, and the error that ends it.

/** An error that a user can act on: its message is all that is printed. */
export class SetupError extends Error {}

/** Prints one line of set-up's own. Standard error, so that the output of the program that follows stays clean. */
export function say(line) {
  process.stderr.write(`Set-up: ${line}\n`);
}

/** The last lines of a command's output, indented, for an error message. */
export function indent(lines) {
  return lines.map((line) => `    ${line}`).join("\n");
}
