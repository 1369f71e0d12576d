import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { frame } from "../../../provider/format/yaml/frame";

describe("frame", () => {
  it("shows the line with a pointer below the column", () => {
    assert.equal(
      frame("wrong", { file: "a.yaml", line: 2, column: 4 }, "x: 1\ny: 2\n"),
      "a.yaml:2:4: wrong\n  2 | y: 2\n    |    ^",
    );
  });

  it("keeps tabs, so that the pointer stands right", () => {
    assert.match(frame("wrong", { file: "a", line: 1, column: 3 }, "\tab"), /\n {2}1 \| \tab\n {4}\| \t \^$/);
  });

  it("leaves out a line that the file doesn't have", () => {
    assert.equal(frame("wrong", { file: "a", line: 9, column: 1 }, "x"), "a:9:1: wrong");
  });

  const secrets = [
    "password: hunter2",
    "    rootPassword: 'hunter2'",
    '{ "api_token": "hunter2" }',
    "proxy: http://me:hunter2@proxy.example:3128",
    "x: [$6$hunter2$hunter2]",
    'ed25519: "-----BEGIN OPENSSH PRIVATE KEY-----\\nhunter2"',
    `    ${"hunter2A".repeat(8)}`,
  ];
  for (const line of secrets) {
    it(`hides the secret in ${line.replaceAll(/hunter2/g, "…")}`, () => {
      const text = frame("wrong", { file: "a", line: 1, column: 1 }, line);
      assert.doesNotMatch(text, /hunter2/);
      assert.match(text, /\[hidden\]/);
    });
  }

  it("hides nothing of an ordinary line", () => {
    assert.match(
      frame("wrong", { file: "a", line: 1, column: 1 }, "nics: [{ network: lab }]"),
      /nics: \[\{ network: lab \}\]/,
    );
  });
});

it("of a long line only the part around the place is shown", () => {
  const at = (column: number) =>
    frame("wrong", { file: "f", line: 1, column }, `${".".repeat(999)}b${".".repeat(999)}`);
  const [, line = "", pointer = ""] = at(1000).split("\n");
  assert.deepEqual([line.length, line[pointer.indexOf("^")]], [208, "b"]);
  assert.match(at(1), /^f:1:1: wrong\n {2}1 \| \.{200}…\n {4}\| \^$/);
});
