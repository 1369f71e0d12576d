import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { keysAt, problemsOf } from "../../provider/resource/issues";
import { choices, nearest } from "../../provider/values/nearest";

const schema = z.strictObject({
  name: z.string(),
  count: z.int().min(1).max(9).optional(),
  mode: z.enum(["nat", "route"]).default("nat"),
  only: z.literal("x").optional(),
  hosts: z.array(z.strictObject({ mac: z.string(), address: z.string().optional() })).default([]),
  source: z
    .union([z.strictObject({ path: z.string() }), z.strictObject({ url: z.string(), sum: z.string() })])
    .optional(),
  extra: z.record(z.string(), z.strictObject({ inner: z.string() })).optional(),
});

const valid = { name: "a" };

function told(news: object): string[] {
  const issues = schema.safeParse({ ...valid, ...news }).error?.issues ?? [];
  return problemsOf(schema, issues).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

describe("an issue in words", () => {
  for (const [news, expected] of [
    [{ name: undefined }, ["name: is missing; it must be a text"]],
    [{ name: 1 }, ["name: must be a text, but is a number"]],
    [{ name: null }, ["name: must be a text, but is empty"]],
    [{ name: true }, ["name: must be a text, but is true or false"]],
    [{ name: {} }, ["name: must be a text, but is a map"]],
    [{ hosts: {} }, ["hosts: must be a list, but is a map"]],
    [{ mode: "net" }, ["mode: must be one of nat, route"]],
    [{ only: "y" }, ["only: must be x"]],
    [
      { hosts: [{ mac: "a" }, { mac: "b", adress: "c" }] },
      ['hosts.1.adress: there is no such key; did you mean "address"? Allowed here: mac, address'],
    ],
    [{ zzz: 1 }, ["zzz: there is no such key; allowed here: name, count, mode, only, hosts, source, extra"]],
    [{ source: { url: "u" } }, ["source.sum: is missing; it must be a text"]],
    [{ extra: { a: { inner: 1 } } }, ["extra.a.inner: must be a text, but is a number"]],
  ] as const) {
    it(JSON.stringify(news), () => assert.deepEqual(told(news), expected));
  }

  it("what zod says well stays", () => {
    assert.match(told({ count: 10 })[0] ?? "", /^count: .*9/);
  });

  it("quotes no login that stands in a URL", () => {
    const quoting = z.strictObject({
      host: z
        .string()
        .refine(() => false, { error: ({ input }) => `"${String(input)}" is not a server; ask me@example` }),
    });
    const issues = quoting.safeParse({ host: "smb://me:p@ss/w@nas/share" }).error?.issues ?? [];
    assert.deepEqual(
      problemsOf(quoting, issues).map(({ message }) => message),
      ['"smb://…@nas/share" is not a server; ask me@example'],
    );
  });

  it("of several, each is reported", () => {
    assert.equal(told({ name: 1, mode: "x", a: 1, b: 2 }).length, 4);
  });
});

describe("the keys that a schema knows at a path", () => {
  for (const [path, keys] of [
    [[], ["name", "count", "mode", "only", "hosts", "source", "extra"]],
    [
      ["hosts", 3],
      ["mac", "address"],
    ],
    [["source"], ["path", "url", "sum"]],
    [["extra", "any"], ["inner"]],
    [["name"], []],
    [["nowhere", "at", "all"], []],
  ] as const) {
    it(path.join(".") || "(top)", () => assert.deepEqual(keysAt(schema, path), keys));
  }
});

it("a long list of keys does not hide what was meant", () => {
  const keys = Array.from({ length: 11 }, (_, index) => `memory${index}`);
  const long = z.strictObject(Object.fromEntries(keys.map((key) => [key, z.string().optional()])));
  const messages = (news: object) =>
    problemsOf(long, long.safeParse(news).error?.issues ?? []).map(({ message }) => message);
  const list = "docs/reference lists the 11 keys that are allowed here";
  assert.deepEqual(messages({ memry1: "x", zzz: "x" }), [
    `there is no such key; did you mean "memory1"? ${list}`,
    `there is no such key; ${list}`,
  ]);
});

describe("what was probably meant", () => {
  for (const [word, expected] of [
    ["mdoe", "mode"],
    ["Mode", "mode"],
    ["modes", "mode"],
    ["m", undefined],
    ["quite-another", undefined],
  ] as const) {
    it(`${word} → ${expected ?? "nothing"}`, () => assert.equal(nearest(word, ["mode", "name"]), expected));
  }

  it("never another number", () => assert.equal(nearest("14", ["11", "13", "latest"]), undefined));
  it("without any choice, says so", () => assert.equal(choices("allowed", "x", []), "allowed: none"));
});
