import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { PACKAGES, missingPackages } from "../../tools/setup/packages.mjs";

const WANTED = ["ovmf", "xorriso"];

describe("Debian packages in set-up", () => {
  for (const [what, output, expected] of [
    ["installed packages aren't missing", "ovmf ii \nxorriso ii \n", []],
    ["a package that dpkg doesn't know is missing", "ovmf ii \n", ["xorriso"]],
    ["one that was removed, with its configuration left, is missing", "ovmf rc \nxorriso ii \n", ["ovmf"]],
    ["one that is only unpacked is missing", "ovmf iU \nxorriso ii \n", ["ovmf"]],
    ["one that is held at its version isn't", "ovmf hi \nxorriso ii \n", []],
    ["one of two architectures is enough", "ovmf un \novmf ii \nxorriso ii \n", []],
    ["with no output all are missing, in the given order", "", WANTED],
  ] as const) {
    it(what, () => {
      assert.deepEqual(missingPackages(WANTED, output), expected);
    });
  }

  it("have a reason each", () => {
    for (const [name, reason] of Object.entries(PACKAGES)) assert.match(reason, /\w{2}/, name);
  });
});
