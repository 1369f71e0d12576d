import { createRequire } from "node:module";
import type * as xterm from "@xterm/headless";
import type { Files } from "../../../host/files";
import { readerOf } from "../files/logs";

/** What a serial console shows. */
export interface Screen {
  /** The lines that are on the screen now, without empty ones at the end. */
  lines(): Promise<readonly string[]>;
}

/** The size that installers assume for a serial line. */
const size = { cols: 80, rows: 24 };

/** Enough to draw the whole screen again. */
const lastBytes = 128 * 2 ** 10;

/** The screen of the console with that log: a terminal without a display reads what the log gets. */
export function screenOf(files: Files, log: string): Screen {
  const reader = readerOf(files, log, lastBytes);
  let opened: xterm.Terminal | undefined;
  return {
    lines: async () => {
      const text = await reader.next();
      if (opened === undefined && text === "") return [];
      const terminal = (opened ??= openTerminal());
      if (text !== "") await new Promise<void>((resolve) => terminal.write(text, resolve));
      return shownBy(terminal);
    },
  };
}

/** Loaded at its first use, because only installations have a screen. */
function openTerminal(): xterm.Terminal {
  // An import() of this CommonJS module would have no names in Node itself.
  const { Terminal } = createRequire(__filename)("@xterm/headless") as typeof xterm;
  return new Terminal({ ...size, scrollback: 0, allowProposedApi: true });
}

/** A line that is longer than the screen's is one line: otherwise a secret in it would not be recognised. */
function shownBy({ buffer: { active } }: xterm.Terminal): readonly string[] {
  const lines: string[] = [];
  for (let row = 0; row < size.rows; row += 1) {
    const line = active.getLine(active.baseY + row);
    const before = line?.isWrapped === true ? (lines.pop() ?? startIsGone) : "";
    lines.push(before === startIsGone ? startIsGone : `${before}${line?.translateToString() ?? ""}`);
  }
  const shown = lines.map((line) => line.trimEnd());
  return shown.slice(0, shown.findLastIndex((line) => line !== "") + 1);
}

/** In place of the rest of a line whose start has left the screen: it may be the rest of a secret. */
const startIsGone = "…";
