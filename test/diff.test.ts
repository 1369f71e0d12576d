import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { unknownValue } from "../provider/check";
import { changedFields, diffByPolicy, type PolicyTable } from "../provider/diff";
import { macAddress, size, subnet4 } from "../provider/scalars";

const schema = z.strictObject({
  name: z.string(),
  memory: size,
  subnet: subnet4.optional(),
  mac: macAddress.optional(),
  tags: z.array(z.string()).default([]),
  wait: z.string().default("none"),
});
type Inputs = z.infer<typeof schema>;

const policies = {
  name: "replace",
  memory: "restart",
  subnet: "live",
  mac: "live",
  tags: "live",
  wait: "setting",
} as const satisfies PolicyTable<Inputs>;
const notes = { restart: "needs a restart", replace: "makes it anew" };

const base = { name: "a", memory: "1GiB", subnet: "10.0.0.0/24", mac: "52:54:00:aa:bb:cc", uuid: "computed" };
const diff = (news: object) => diffByPolicy(schema, policies, base, { ...base, ...news }, notes);

describe("two spellings of one value are never a difference", () => {
  for (const news of [
    {},
    { memory: "1024MiB" },
    { subnet: "10.0.0.77/24" },
    { mac: "52:54:00:AA:BB:CC" },
    { tags: [] },
    { wait: "none" },
    { wait: undefined },
    { uuid: "another" },
  ]) {
    it(JSON.stringify(news), () => assert.deepEqual(diff(news), { changes: false, replaces: [], notes: [] }));
  }
});

describe("what a change does is told by its policy", () => {
  it("a live change, without a word", () => {
    assert.deepEqual(diff({ tags: ["x"] }), { changes: true, replaces: [], notes: [] });
  });

  it("a restart, with its note", () => {
    assert.deepEqual(diff({ memory: "2GiB" }), { changes: true, replaces: [], notes: ["memory: needs a restart"] });
  });

  it("a replacement makes the notes of other changes moot", () => {
    assert.deepEqual(diff({ memory: "2GiB", name: "b" }), {
      changes: true,
      replaces: ["name"],
      notes: ["name: makes it anew"],
    });
  });

  it("a value that is unknown at preview counts as changed", () => {
    assert.deepEqual(changedFields(schema, base, { ...base, memory: unknownValue }), ["memory"]);
  });

  it("a field that is taken away or added is a change", () => {
    assert.deepEqual(changedFields(schema, base, { ...base, subnet: undefined }), ["subnet"]);
    assert.deepEqual(changedFields(schema, { ...base, mac: undefined }, base), ["mac"]);
  });
});
