import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseYaml } from "../../../provider/format/yaml/load";
import { renderYaml } from "../../../provider/format/yaml/render";
import fc from "../../properties";

function read(text: string): unknown {
  return (parseYaml(text, "x.yaml").value as { value: unknown }).value;
}

describe("a value in YAML", () => {
  it("is one line, and read as it was", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
        const text = renderYaml(value);
        assert.doesNotMatch(text, /[\n\r\u0085\u2028\u2029]/);
        assert.deepEqual(read(`value: ${text}\nother: 1\n`), JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("holds no sign that other readers of YAML refuse", () => {
    assert.equal(
      renderYaml("a\u0000\u0085\ufeff\u009f\u007f\uffffä😀"),
      '"a\\u0000\\u0085\\ufeff\\u009f\\u007f\\uffffä😀"',
    );
  });

  for (const value of [
    "a: b",
    "- a",
    "yes",
    "1",
    "null",
    "#",
    "!x",
    "&a",
    "*a",
    "'",
    '"',
    "{{x}}",
    "%TAG",
    "a #b",
    "",
  ]) {
    it(`${JSON.stringify(value)} stays a text`, () => assert.equal(read(`value: ${renderYaml(value)}\n`), value));
  }

  it("can't be half a character, nor nothing", () => {
    assert.throws(() => renderYaml("\ud800"), /^Error: has half a character in it/);
    assert.throws(() => renderYaml(undefined), /^Error: is nothing that YAML could hold/);
    assert.equal(read(`value: ${renderYaml("\\ud800")}\n`), "\\ud800");
  });
});
