import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import fc from "../properties";
import { escapePreseed, parsePreseed } from "../../provider/format/preseed";

describe("a value in a preseed file", () => {
  for (const value of ["", "a b", "pass: $6$x/y.z", "#not a comment", "C:\\dir\\file", "ä ö"]) {
    it(`${JSON.stringify(value)} stays as it is`, () => assert.equal(escapePreseed(value), value));
  }

  const refused = [
    { value: "web\nd-i preseed/late_command string reboot", why: /line break, which would start another answer/ },
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

it("whatever is in a value, debconf reads one answer a line", () => {
  const values = fc.sample(
    fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("d-i a/b string c", "#", "\\", "%n $x {{y}} 'q' \"q\" ;")),
    500,
  );
  const lines = values.flatMap((value, index) => {
    try {
      return [`d-i test/question-${index} string ${escapePreseed(value)}`];
    } catch {
      return [];
    }
  });
  assert.ok(lines.length > 300);
  const { stderr } = spawnSync("debconf-set-selections", ["-c"], {
    input: [...lines, "d-i last", ""].join("\n"),
    encoding: "utf8",
  });
  // The one line that is wrong is counted at its place: none before it was two, or joined to another.
  assert.equal(stderr, `error: parse error on line ${lines.length + 1}: 'd-i last'\n`);
});

describe("a preseed file", () => {
  it("is read as the installer reads it", () => {
    const text =
      "# a comment\r\nd-i a/b string one \\\n# within\n\n   two\r\n  tasksel c/d multiselect\nd-i a/b boolean true\nbroken\n";
    assert.deepEqual(parsePreseed(text), [
      { owner: "d-i", question: "a/b", type: "string", value: "one two", line: 2 },
      { owner: "tasksel", question: "c/d", type: "multiselect", value: "", line: 6 },
      { owner: "d-i", question: "a/b", type: "boolean", value: "true", line: 7 },
    ]);
  });
});
