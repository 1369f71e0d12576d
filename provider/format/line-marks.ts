/** A piece of a template as it is printed, and its place. */
interface Piece {
  readonly value: string;
  /** The value and the white space that the template engine removes, such as the line of a block. */
  readonly original: string;
  /** The line of the original's first character. */
  readonly line: number;
}

/** Puts its number before each line of a piece; `withoutMarks` removes the numbers. */
export function marked({ value, original, line }: Piece): string {
  const cut = original.slice(0, Math.max(0, original.lastIndexOf(value)));
  const first = line + cut.split("\n").length - 1;
  return value
    .split("\n")
    .map((text, index) => `\0${first + index}\0${text}`)
    .join("\n");
}

/** The text of marked pieces without the marks, and the origin of each line. */
export function withoutMarks(text: string): { readonly text: string; readonly originOf: (line: number) => number } {
  const lines = text.split("\n");
  return {
    text: text.replaceAll(/\0\d+\0/g, ""),
    // A line may start with several marks: all but the last are of pieces that printed nothing.
    originOf: (line) => Number(/^(?:\0\d+\0)*\0(\d+)\0/.exec(lines[line - 1] ?? "")?.[1] ?? line),
  };
}
