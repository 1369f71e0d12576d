import type * as xterm from "@xterm/headless";
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, it } from "node:test";
import { Painter, repaint } from "../../provider/cli/rows/painter";

// An import() of this CommonJS module would have no names in Node itself.
const { Terminal } = createRequire(__filename)("@xterm/headless") as typeof xterm;

/** A real terminal without a display. */
function terminal(columns = 40, rows = 10) {
  const screen = new Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
  let size = { columns, rows };
  let written = "";
  const painter = new Painter({ size: () => size, write: (text) => void (written += text) });
  const lines = async () => {
    await new Promise<void>((resolve) => screen.write(written, resolve));
    written = "";
    const { active } = screen.buffer;
    return Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? "").filter(
      (line) => line !== "",
    );
  };
  return {
    painter,
    lines,
    resize: (next: number) => void (size = { columns: next, rows }),
    print: (text: string) => void (written += text),
  };
}

describe("lines at the bottom of a terminal", () => {
  for (const [title, frames] of [
    ["grow", [["a"], ["a", "b"], ["a", "b", "c"]]],
    [
      "change in the middle",
      [
        ["a", "b", "c"],
        ["a", "X", "c"],
      ],
    ],
    [
      "become shorter",
      [
        ["a long line", "b"],
        ["a", "b"],
      ],
    ],
    ["become fewer", [["a", "b", "c"], ["a"]]],
    ["become fewer and more again", [["a", "b", "c"], ["x"], ["x", "y", "z", "w"]]],
    ["vanish", [["a", "b"], []]],
    ["start with nothing", [[], ["a"]]],
  ] as const) {
    it(title, async () => {
      const { painter, lines, print } = terminal();
      print("before\n");
      for (const frame of frames) painter.show(frame);
      assert.deepEqual(await lines(), ["before", ...(frames.at(-1) ?? [])]);
      print("after\n");
      assert.deepEqual(await lines(), ["before", ...(frames.at(-1) ?? []), "after"]);
    });
  }
  it("nothing is written for what is the same, and only a changed line for another", () => {
    assert.equal(repaint(["a", "b"], ["a", "b"]), "");
    assert.doesNotMatch(repaint(["first", "second", "third"], ["first", "other", "third"]), /first|second|third/);
  });
  it("after another width the old lines stay as they are", async () => {
    const { painter, lines, resize } = terminal();
    painter.show(["a", "b"]);
    resize(30);
    painter.show(["c", "d"]);
    assert.deepEqual(await lines(), ["a", "b", "c", "d"]);
  });
});
