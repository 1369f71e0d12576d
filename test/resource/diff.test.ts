import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { changesBetween, effectsByPolicy, fieldsOf } from "../../provider/resource/diff";
import { unknownValue } from "../../provider/resource/known";
import type { PolicyTable } from "../../provider/resource/policy";
import { macAddress, size, subnet4 } from "../../provider/values/scalars";

const disk = z.strictObject({ volume: z.string(), cache: z.string().optional() });
const clock = z.strictObject({ offset: z.string(), zone: z.string().optional() });
const schema = z.strictObject({
  name: z.string(),
  memory: size,
  maxVcpus: z.int().default(4),
  vcpus: z.int().default(1),
  subnet: subnet4.optional(),
  mac: macAddress.optional(),
  tags: z.array(z.string()).default([]),
  wait: z.string().default("none"),
  disks: z.array(disk).default([]),
  clock: clock.optional(),
});
type Inputs = z.infer<typeof schema>;

const policies: PolicyTable<Inputs> = {
  name: "replace",
  memory: "restart",
  maxVcpus: "restart",
  vcpus: {
    kind: "depends",
    text: "at once up to `maxVcpus`",
    most: "restart",
    decide: (olds, news) => (news.vcpus <= olds.maxVcpus ? "live" : "restart"),
  },
  subnet: "live",
  mac: "live",
  tags: "live",
  wait: "setting",
  disks: {
    kind: "items",
    keyOf: ({ volume }) => volume,
    ...{ added: "live", removed: "refuse", moved: "restart" },
    fields: { volume: "replace", cache: "restart" },
  },
  clock: { kind: "parts", whole: "restart", fields: { offset: "restart", zone: "live" } },
};

const base = {
  name: "a",
  memory: "1GiB",
  subnet: "10.0.0.0/24",
  mac: "52:54:00:aa:bb:cc",
  disks: [{ volume: "v1" }, { volume: "v2", cache: "none" }],
  clock: { offset: "utc" },
  uuid: "computed",
};
const changes = (news: object, olds: object = base) =>
  changesBetween(schema, policies, { ...olds }, { ...olds, ...news });
const told = (news: object) => changes(news).map(({ path, policy }) => `${path} ${policy}`);

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
    { clock: { offset: "utc", zone: undefined } },
  ]) {
    it(JSON.stringify(news), () => assert.deepEqual(changes(news), []));
  }
});

describe("a change is reported with its path and its policy", () => {
  for (const [what, news, expected] of [
    ["a field", { memory: "2GiB" }, ["memory restart"]],
    ["a field that is taken away", { subnet: undefined }, ["subnet live"]],
    ["a value that is unknown at preview", { memory: unknownValue }, ["memory restart"]],
    ["a field whose policy follows from another", { vcpus: 3 }, ["vcpus live"]],
    ["the same beyond its bounds", { vcpus: 8 }, ["vcpus restart"]],
    ["a part of an object", { clock: { offset: "utc", zone: "x" } }, ["clock.zone live"]],
    ["an object that goes", { clock: undefined }, ["clock restart"]],
    ["an item that comes", { disks: [...base.disks, { volume: "v3" }] }, ["disks[2] live"]],
    ["an item that goes, at its old place", { disks: [base.disks[1]] }, ["disks[0] refuse"]],
    ["a part of an item", { disks: [{ volume: "v1", cache: "none" }, base.disks[1]] }, ["disks[0].cache restart"]],
    ["items in another order", { disks: base.disks.toReversed() }, ["disks restart"]],
    ["a list with an unknown key", { disks: [{ volume: unknownValue }] }, ["disks live"]],
    [
      "a part of an item that is unknown",
      { disks: [{ volume: "v1", cache: unknownValue }, base.disks[1]] },
      ["disks[0].cache restart"],
    ],
  ] as const) {
    it(what, () => assert.deepEqual(told(news), expected));
  }

  it("with both values", () => {
    assert.deepEqual(changes({ memory: "2GiB" }), [
      { path: "memory", policy: "restart", before: "1GiB", after: "2GiB" },
    ]);
  });

  it("the fields of the first level that hold changes are named once", () => {
    const all = changes({ disks: [{ volume: "v3" }], clock: { offset: "local" } });
    assert.deepEqual(fieldsOf(all), ["disks", "clock"]);
  });
});

describe("what changes do is reported in one sentence per policy", () => {
  const effects = { restart: "web restarts", live: "changes while it runs", replace: "is created again" };

  it("with all the fields that it is true of", () => {
    assert.deepEqual(effectsByPolicy(changes({ memory: "2GiB", maxVcpus: 8, wait: "ssh", tags: ["x"] }), effects), [
      "memory, maxVcpus: web restarts",
      "tags: changes while it runs",
    ]);
  });

  it("and a replacement makes all others moot", () => {
    assert.deepEqual(effectsByPolicy(changes({ memory: "2GiB", name: "b" }), effects), ["name: is created again"]);
  });
});
