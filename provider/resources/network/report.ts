/** Tells what is wrong with the value at a path. */
export type Report = (path: readonly (string | number)[], message: string) => void;

/** Tells of every item whose text stands in an earlier one too; what is undefined is no text. */
export function reportTwice(
  texts: readonly (string | undefined)[],
  report: (index: number, first: number, text: string) => void,
): void {
  texts.forEach((text, index) => {
    const first = texts.indexOf(text);
    if (text !== undefined && first < index) report(index, first, text);
  });
}
