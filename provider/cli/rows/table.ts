import { fitted, type Style } from "./style";

/** A cell: its text, and how it is shown. */
export interface Cell {
  readonly text: string;
  readonly show?: (text: string) => string;
}

/** Rows in columns under their titles. The last column takes what is left of the width. */
export function tableLines(
  titles: readonly string[],
  rows: readonly (readonly Cell[])[],
  style: Style,
  columns: number,
): string[] {
  const widths = titles.map((title, index) =>
    Math.max(title.length, ...rows.map((row) => Array.from(row[index]?.text ?? "").length)),
  );
  const used = widths.slice(0, -1).reduce((sum, width) => sum + width + gap.length, 0);
  const last = Math.max(8, Math.min(widths.at(-1) ?? 0, columns - used - 1));
  const line = (cells: readonly Cell[]) =>
    cells
      .map(({ text, show = (same) => same }, index) => {
        const isLast = index === cells.length - 1;
        const shown = isLast ? fitted(text, last).trimEnd() : text;
        return show(shown) + (isLast ? "" : " ".repeat(Math.max(0, (widths[index] ?? 0) - Array.from(text).length)));
      })
      .join(gap)
      .trimEnd();
  return [line(titles.map((text) => ({ text, show: (title) => style("bold", title) }))), ...rows.map(line)];
}

const gap = "  ";
