import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isAtLeast, majorMinor, parseVersion } from "../../tools/setup/versions.mjs";

describe("versions in set-up", () => {
  for (const [text, expected] of [
    ["v22.12.0", [22, 12, 0]],
    ["go1.26.8", [1, 26, 8]],
    ["go version go1.19 linux/amd64", [1, 19, 0]],
    ["v3.274.1-alpha.5+dirty", [3, 274, 1]],
    ["unknown", undefined],
    ["", undefined],
  ] as const) {
    it(`reads ${expected ? expected.join(".") : "no version"} from "${text}"`, () => {
      assert.deepEqual(parseVersion(text), expected);
    });
  }

  for (const [text, least, expected] of [
    ["v22.12.0", "22.12", true],
    ["v22.9.0", "22.12", false],
    ["v24.1.0", "22.12", true],
    ["v20.99.0", "22.12", false],
    ["v3.274.0", "3.274", true],
    ["v3.1000.0", "3.274", true],
    ["v3.99.5", "3.274", false],
    ["v4.0.0", "3.274", true],
    ["go1.26.6", "1.26.6", true],
    ["go1.26.5", "1.26.6", false],
    ["go1.27", "1.26.6", true],
    ["not a version", "0.1", false],
  ] as const) {
    it(`takes "${text}" ${expected ? "as" : "not as"} ${least} or newer`, () => {
      assert.equal(isAtLeast(text, least), expected);
    });
  }

  it("names a minor release by its first two numbers", () => {
    assert.equal(majorMinor("3.274.1"), "3.274");
  });
});
