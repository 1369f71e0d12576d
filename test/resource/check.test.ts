import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { checkInputs, formatPath, parseInputs, withoutInternals } from "../../provider/resource/check";
import { containsUnknown, unknownValue } from "../../provider/resource/known";
import { size } from "../../provider/values/scalars";

const schema = z
  .strictObject({
    name: z.string().min(1),
    size: size.default("1GiB"),
    parts: z.array(z.strictObject({ at: z.int() })).default([]),
  })
  .superRefine(({ name, parts }, context) => {
    if (name === "empty" && parts.length === 0)
      context.addIssue({ code: "custom", path: ["parts"], message: "is empty" });
  });

describe("checkInputs", () => {
  it("normalises, fills in defaults, and takes internal keys off", () => {
    const { inputs, failures } = checkInputs(schema, { name: "a", size: "1024MiB", __provider: "x", __urn: "y" });
    assert.deepEqual(inputs, { name: "a", size: "1GiB", parts: [] });
    assert.deepEqual(failures, []);
  });

  it("tells every failure at once, each with its path", () => {
    const { failures } = checkInputs(schema, { name: 1, size: "1GB", parts: [{ at: 0 }, { at: "x" }], nmae: "a" });
    assert.deepEqual(
      failures.map(({ property, reason }) => `${property}: ${reason}`),
      [
        "name: must be a text, but is a number",
        'size: "1GB" is not a size; write a number with KiB, MiB, GiB or TiB, such as "20GiB"',
        "parts[1].at: must be a number, but is a text",
        'nmae: there is no such key; did you mean "name"? Allowed here: name, size, parts',
      ],
    );
  });

  it("tells of a choice the alternative that was meant", () => {
    const source = z.union([z.string(), z.strictObject({ path: z.string(), sum: z.string() })]);
    const { failures } = checkInputs(z.strictObject({ source }), { source: { path: "/a" } });
    assert.deepEqual(failures, [{ property: "source.sum", reason: "is missing; it must be a text" }]);
  });

  it("leaves inputs as they came while some are unknown, and tells the failures of the others", () => {
    const news = { name: 1, size: unknownValue, parts: [{ at: unknownValue }] };
    const { inputs, failures } = checkInputs(schema, news);
    assert.deepEqual(inputs, news);
    assert.deepEqual(
      failures.map(({ property }) => property),
      ["name"],
    );
  });

  it("asks a rule over several inputs when all are known", () => {
    assert.equal(checkInputs(schema, { name: "empty" }).failures[0]?.property, "parts");
    assert.deepEqual(checkInputs(schema, { name: "empty", parts: unknownValue }).failures, []);
  });
});

describe("what belongs to inputs", () => {
  it("parseInputs picks them out of a state, and gives undefined while some are unknown", () => {
    assert.deepEqual(parseInputs(schema, { name: "a", uuid: "computed" }), { name: "a", size: "1GiB", parts: [] });
    assert.equal(parseInputs(schema, { name: "a", size: unknownValue }), undefined);
  });

  it("an unknown value is found at any depth", () => {
    assert.equal(containsUnknown({ a: [{ b: unknownValue }] }), true);
    assert.equal(containsUnknown({ a: [{ b: null }, "x"] }), false);
  });

  it("internal keys are those with two underscores", () => {
    assert.deepEqual(withoutInternals({ __urn: 1, _own: 2, name: 3 }), { _own: 2, name: 3 });
  });

  it("paths are written as in JavaScript", () => {
    assert.equal(formatPath(["disks", 0, "volume"]), "disks[0].volume");
    assert.equal(formatPath([]), "");
  });
});
