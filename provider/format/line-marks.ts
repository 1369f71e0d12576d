/** A piece of a template as it will be printed, and where it stands. */
interface Piece {
  readonly value: string;
  /** With what is cut off, as a block's own line leaves none behind. */
  readonly original: string;
  /** The line on which the original begins. */
  readonly line: number;
}

/** Puts the number of its line before each line of a piece; `withoutMarks` takes them out again. */
export function marked({ value, original, line }: Piece): string {
  const cut = original.slice(0, Math.max(0, original.lastIndexOf(value)));
  const first = line + cut.split("\n").length - 1;
  return value
    .split("\n")
    .map((text, index) => `\0${first + index}\0${text}`)
    .join("\n");
}

/** The text that was made of marked pieces, and the line that each of its lines comes from. */
export function withoutMarks(text: string): { readonly text: string; readonly originOf: (line: number) => number } {
  const lines = text.split("\n");
  return {
    text: text.replaceAll(/\0\d+\0/g, ""),
    // Of several marks at its begin, all but the last are of pieces that left nothing behind.
    originOf: (line) => Number(/^(?:\0\d+\0)*\0(\d+)\0/.exec(lines[line - 1] ?? "")?.[1] ?? line),
  };
}
