/** The size of a terminal, and a way to write to it. */
export interface Screen {
  size(): { readonly columns: number; readonly rows: number };
  write(text: string): void;
}

const clearToEnd = "\u001b[K";
/** Terminals that know it show the writes between them at once. */
const [holdOutput, showOutput] = ["\u001b[?2026h", "\u001b[?2026l"];

/**
 * What turns the lines before the cursor into the next ones. Only lines that differ are written, so nothing flickers; the
 * cursor is below them, so a kill leaves a terminal in order.
 */
export function repaint(before: readonly string[], next: readonly string[]): string {
  const first = next.findIndex((line, index) => line !== before[index]);
  if (first === -1 && next.length === before.length) return "";
  const start = first === -1 ? Math.min(next.length, before.length) : first;
  const up = before.length - start;
  const count = Math.max(next.length, before.length);
  const written = Array.from({ length: count - start }, (_, offset) => {
    const index = start + offset;
    const isSame = next[index] !== undefined && next[index] === before[index];
    return isSame ? "\n" : `\r${next[index] ?? ""}${clearToEnd}\n`;
  });
  const left = count - next.length;
  const back = left === 0 ? "" : `\u001b[${left}A`;
  return `${holdOutput}${up === 0 ? "" : `\u001b[${up}A`}\r${written.join("")}${back}${showOutput}`;
}

/** Keeps lines at the bottom of a terminal up to date. */
export class Painter {
  readonly #screen: Screen;
  #shown: readonly string[] = [];
  #columns = 0;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** @param lines not longer than the terminal's */
  show(lines: readonly string[]): void {
    const { columns } = this.#screen.size();
    // After another width, lines may have been wrapped: they stay, and new ones follow.
    if (columns !== this.#columns) this.#shown = [];
    this.#columns = columns;
    const text = repaint(this.#shown, lines);
    if (text !== "") this.#screen.write(text);
    this.#shown = lines;
  }
}
