import { CST, Lexer } from "yaml";

/** More than any configuration needs, and less than what a program can't hold: aliases multiply what a file contains. */
export const limits = {
  /** Of one file. */
  bytes: 2 ** 20,
  /** Lists and maps within each other, included files among them. */
  depth: 100,
  /** All values together, after aliases, includes and repetitions. */
  values: 100_000,
  /** Copies of one entry. */
  copies: 1000,
  /** The length of a text in which parameters are replaced. */
  characters: 2 ** 16,
} as const;

/** The space before a line, each column of which may be another level. */
const mostColumns = 2 * limits.depth;

/**
 * The line of a text that is nested too deeply, found before the text is parsed: the parser calls itself for each level.
 * Undefined if no line is.
 */
export function lineTooDeep(text: string): number | undefined {
  let line = 1;
  let flow = 0;
  let indicators = 0;
  let isAtStart = true;
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token);
    if (type === "newline") [indicators, isAtStart] = [0, true];
    else if (type === "space" && isAtStart && token.length > mostColumns) return line;
    else isAtStart = false;
    // Within brackets only further brackets are another level.
    if (flow <= 0 && ["seq-item-ind", "explicit-key-ind", "map-value-ind"].includes(type ?? "")) indicators += 1;
    if (type === "flow-seq-start" || type === "flow-map-start") flow += 1;
    if (type === "flow-seq-end" || type === "flow-map-end") flow -= 1;
    if (flow > limits.depth || indicators > limits.depth) return line;
    line += token.split("\n").length - 1;
  }
  return undefined;
}

/** Counts the values of a configuration. */
export class Budget {
  #left: number = limits.values;

  /** @returns whether there are still fewer values than the limit */
  spend(count = 1): boolean {
    this.#left -= count;
    return this.#left >= 0;
  }
}
