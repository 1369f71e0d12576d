import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { importsBelow } from "../tools/imports";
import fc from "./properties";
import { root } from "./site";

describe("property tests", () => {
  it("have their values from a seed that is the same in each run", () => {
    assert.ok(Number.isInteger(fc.readConfigureGlobal().seed));
    const imports = importsBelow(root, ["test", "bench"]).filter(({ to }) => to === "fast-check");
    assert.deepEqual(
      imports.map(({ from }) => from),
      ["test/properties.ts"],
    );
  });
});
