const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36 } as const;

export type Colour = keyof typeof codes;

/** Colours a text, or leaves it as it is. */
export type Style = (colour: Colour, text: string) => string;

export const coloured: Style = (colour, text) => (text === "" ? "" : `\u001b[${codes[colour]}m${text}\u001b[0m`);
export const plain: Style = (_colour, text) => text;

export function styleOf({ hasColours }: { readonly hasColours: boolean }): Style {
  return hasColours ? coloured : plain;
}

/** Texts of other programs can't move the cursor or colour what follows. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, "").replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "");
}

/** The text in a column of that width: padded, or shortened with an ellipsis. */
export function fitted(text: string, width: number): string {
  const characters = Array.from(text);
  if (characters.length <= width) return text + " ".repeat(width - characters.length);
  return width <= 0 ? "" : `${characters.slice(0, width - 1).join("")}…`;
}
