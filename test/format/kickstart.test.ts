import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import fc from "../properties";
import { escapeKickstart, splitKickstart } from "../../provider/format/kickstart";

/** Texts that like to break out: quotes, signs of shells and templates, Unicode. */
const line = fc
  .array(
    fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("'", '"', "\\", "$(x)", "`", ";", "{{", "%end", "#", " ")),
  )
  .map((parts) => parts.join("").replaceAll(/[\p{Cc}\u2028\u2029\p{Cs}]/gu, ""));

describe("a value in a kickstart file", () => {
  it("is one word, and the same again when it is read", () => {
    fc.assert(
      fc.property(line, (value) => {
        assert.deepEqual(splitKickstart(`rootpw --x=${escapeKickstart(value)}`), ["rootpw", `--x=${value}`]);
      }),
    );
  });

  it("is one word for a shell, too", () => {
    const values = fc.sample(line, 300);
    const script = values.map((value) => `printf '%s\\n' ${escapeKickstart(value)}`).join("\n");
    const { stdout, stderr } = spawnSync("sh", { input: script, encoding: "utf8" });
    assert.deepEqual({ stdout, stderr }, { stdout: values.map((value) => `${value}\n`).join(""), stderr: "" });
  });

  it("starts neither a section nor a comment", () => {
    fc.assert(fc.property(line, (value) => assert.doesNotMatch(escapeKickstart(value), /^\s*[%#]/)));
  });

  for (const value of ["web-1", "172.16.1.1", "http://a.example:80/x", "@core", "^server", "console=ttyS0,115200"]) {
    it(`${value} needs no quotes`, () => assert.equal(escapeKickstart(value), value));
  }

  // Python's splitlines(), with which kickstart files are read, knows all of these.
  for (const end of ["\n", "\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\0"]) {
    it(`with ${JSON.stringify(end)} is refused, and not repeated`, () => {
      assert.throws(
        () => escapeKickstart(`web${end}reboot`),
        (error: Error) => /line break/.test(error.message) && !error.message.includes("web"),
      );
    });
  }
});

describe("the words of a kickstart command", () => {
  const cases = [
    { command: "part / --size=1", words: ["part", "/", "--size=1"] },
    { command: String.raw`a "b \"c\" \d" 'e "f' g\ h`, words: ["a", String.raw`b "c" \d`, 'e "f', "g h"] },
    { command: "a 'b", words: undefined },
    { command: 'a b"', words: undefined },
  ];
  for (const { command, words } of cases) {
    it(`${command} are ${JSON.stringify(words)}`, () => assert.deepEqual(splitKickstart(command), words));
  }
});
