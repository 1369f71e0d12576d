import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatSize, parseSize } from "../../provider/values/units";
import fc from "../properties";

describe("a size in bytes", () => {
  for (const [text, bytes] of [
    ["0B", 0],
    ["1B", 1],
    ["1KiB", 1024],
    ["512MiB", 536_870_912],
    ["1.5GiB", 1_610_612_736],
    ["20 GiB", 21_474_836_480],
    [" 2TiB ", 2_199_023_255_552],
  ] as const) {
    it(`of "${text}" is ${bytes}`, () => assert.equal(parseSize(text), bytes));
  }

  for (const text of ["", "20", "20GB", "20gib", "20G", "-1GiB", "1e3MiB", "0.3B", "GiB", "1GiB 2MiB", "9000TiB"]) {
    it(`is none of "${text}"`, () => assert.equal(parseSize(text), undefined));
  }

  for (const [bytes, text] of [
    [0, "0B"],
    [1023, "1023B"],
    [1024, "1KiB"],
    [1_610_612_736, "1536MiB"],
    [2 ** 40, "1TiB"],
  ] as const) {
    it(`${bytes} is written as "${text}"`, () => assert.equal(formatSize(bytes), text));
  }

  it("is read back from the way it is written", () => {
    const scaled = fc.tuple(fc.nat(2 ** 13 - 1), fc.constantFrom(1, 2 ** 10, 2 ** 20, 2 ** 30, 2 ** 40));
    const bytes = fc.oneof(
      fc.maxSafeNat(),
      scaled.map(([count, factor]) => count * factor),
    );
    fc.assert(fc.property(bytes, (count) => parseSize(formatSize(count)) === count));
  });
});
