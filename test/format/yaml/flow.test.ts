import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseYaml } from "../../../provider/format/yaml/load";
import { printedEntries, withItem } from "../../../provider/format/yaml/flow";

const text = `other: &shared { path: /x, list: [1, "2"] }
map:
  words: [yes, 0644, 12:30:00, ~, -1, 1e3, http://x.example/y, "yes"]
  plain: a b, c # a comment
  merged: { <<: *shared, own: 'it''s' }
  block: |
    one
      two: [3]
  folded: >-
    a
    b
  empty:
  "a key: [": { b: {} , c: [] }
`;

describe("the values of a map, printed on one line each,", () => {
  const printed = printedEntries(text, "map");

  it("mean the same", () => {
    const whole = [...printed].map(([key, value]) => `${JSON.stringify(key)}: ${value}\n`).join("");
    const { map } = parseYaml(text, "text").value as { map: unknown };
    assert.deepEqual(parseYaml(whole, "printed").value, map);
  });

  it("keep words as they are written, which another version of YAML may read otherwise", () => {
    assert.equal(printed.get("words"), '[yes, 0644, 12:30:00, null, -1, 1e3, http://x.example/y, "yes"]');
  });

  it("are none where there is no map", () => {
    assert.deepEqual([...printedEntries(text, "nowhere", "else")], []);
    assert.deepEqual([...printedEntries("")], []);
  });

  it("get a further item at either end", () => {
    assert.equal(withItem("[a, b]", "c: d", "last"), '[a, b, "c: d"]');
    assert.equal(withItem("[]", "a", "first"), '["a"]');
    assert.equal(withItem(undefined, "a", "last"), '["a"]');
  });
});
