import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { stateIn } from "../../provider/resource/outputs";

describe("the outputs in a state", () => {
  const schema = z.object({ uuid: z.string(), addresses: z.array(z.string()), release: z.string().optional() });

  it("are what the schema says, and all else of the state stays", () => {
    const state = { uuid: "a", addresses: ["10.0.0.1"], name: "web" };
    assert.deepEqual(stateIn(schema, state), state);
  });

  it("that another release wrote in another type are absent, and hinder no other", () => {
    const state = { uuid: 7, addresses: ["10.0.0.1"], release: ["Debian"], name: 7 };
    assert.deepEqual(stateIn(schema, state), { addresses: ["10.0.0.1"], name: 7 });
  });
});
