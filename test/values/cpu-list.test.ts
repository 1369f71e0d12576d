import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatCpuList, parseCpuList } from "../../provider/values/cpu-list";

describe("a list of CPUs", () => {
  for (const [text, numbers, shortest] of [
    ["0", [0], "0"],
    ["0-3,6", [0, 1, 2, 3, 6], "0-3,6"],
    ["6,0,1,1-2", [0, 1, 2, 6], "0-2,6"],
  ] as const) {
    it(`${text} is ${numbers.join(" ")}, and kept as ${shortest}`, () => {
      assert.deepEqual(parseCpuList(text), numbers);
      assert.equal(formatCpuList(numbers), shortest);
    });
  }

  for (const text of ["", "3-1", "1,", "a", "0-4096"]) {
    it(`"${text}" is none`, () => {
      assert.equal(parseCpuList(text), undefined);
    });
  }
});
