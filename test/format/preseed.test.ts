import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { escapePreseed } from "../../provider/format/preseed";

describe("a value in a preseed file", () => {
  for (const value of ["", "a b", "pass: $6$x/y.z", "#not a comment", "C:\\dir\\file", "ä ö"]) {
    it(`${JSON.stringify(value)} stays as it is`, () => assert.equal(escapePreseed(value), value));
  }

  const refused = [
    { value: "web\nd-i preseed/late_command string reboot", why: /line break, which would begin another answer/ },
    { value: "web\r", why: /line break/ },
    { value: "a\0b", why: /line break/ },
    { value: "web\\", why: /backslash, which would join the next line/ },
    { value: "web\\ \t", why: /backslash/ },
  ];
  for (const { value, why } of refused) {
    it(`${JSON.stringify(value)} is refused, and not repeated`, () => {
      assert.throws(
        () => escapePreseed(value),
        (error: Error) => why.test(error.message) && !error.message.includes("web"),
      );
    });
  }
});
