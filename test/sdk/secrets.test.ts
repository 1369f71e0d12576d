import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { InstallerIso, Machine, Network, StoragePool, Volume } from "../../sdk/resources.gen";
import { type Field, modelOf, type ObjectModel, type Type } from "../../tools/generate/model";
import { loadResources } from "../../tools/generate/resources";
import { secretsOf } from "../../tools/generate/secrets";
import { withSecrets } from "../../sdk/secrets";
import { z } from "zod";
import { root } from "../site";

type Args = Readonly<Record<string, unknown>>;

const makers: Readonly<Record<string, (name: string, args: Args) => pulumi.Resource>> = {
  Network: (name, args) => new Network(name, args),
  StoragePool: (name, args) => new StoragePool(name, args),
  Volume: (name, args) => new Volume(name, { size: "1GiB", ...args }),
  InstallerIso: (name, args) => new InstallerIso(name, { source: "debian:13", ...args }),
  Machine: (name, args) => new Machine(name, { memory: "1GiB", ...args }),
};

/** Values that have a secret each, where the schema says that there is one. */
function secretArgs({ fields }: ObjectModel, path = ""): { path: string; args: Args }[] {
  return fields.flatMap((field) => {
    const at = `${path}${field.name}`;
    const within = valuesOf(field, at);
    return within.map(({ path: below, value }) => ({ path: below, args: { [field.name]: value } }));
  });
}

function valuesOf({ isSecret, type }: Field, path: string): { path: string; value: unknown }[] {
  return [...(isSecret ? [{ path, value: "hunter2" }] : []), ...valuesIn(type, path)];
}

function valuesIn(type: Type, path: string): { path: string; value: unknown }[] {
  if (type.tag === "object")
    return secretArgs(type.object, `${path}.`).map(({ path: below, args }) => ({ path: below, value: args }));
  if (type.tag === "list")
    return valuesIn(type.items, `${path}[]`).map(({ path: below, value }) => ({ path: below, value: [value] }));
  if (type.tag === "map")
    return valuesIn(type.values, `${path}.*`).map(({ path: below, value }) => ({ path: below, value: { key: value } }));
  return type.tag === "either" ? type.types.flatMap((each) => valuesIn(each, path)) : [];
}

/** The same, as a program has it that knows nothing at once. */
function later(value: unknown): unknown {
  if (Array.isArray(value)) return pulumi.output(Promise.resolve(value.map(later)));
  if (typeof value !== "object" || value === null) return pulumi.output(value);
  return Promise.resolve(Object.fromEntries(Object.entries(value).map(([key, each]) => [key, later(each)])));
}

/** As JSON, without what the engine would be told as a secret. */
function withoutSecrets(inputs: unknown): string {
  return JSON.stringify(inputs, (_key, value: unknown) => {
    const isSecret = typeof value === "object" && value !== null && pulumi.runtime.specialSigKey in value;
    return isSecret ? undefined : value;
  });
}

describe("what the schemas call secret", () => {
  const registered = new Map<string, object>();
  let names: readonly string[] = [];
  before(async () => {
    const resources = await loadResources(root);
    await pulumi.runtime.setMocks({
      newResource: ({ name, inputs }) => {
        registered.set(name, inputs as object);
        return { id: name, state: inputs as object };
      },
      call: () => ({}),
    });
    const cases = resources.flatMap(({ name, model }) => secretArgs(model).map((each) => ({ kind: name, ...each })));
    names = cases.flatMap(({ kind, path, args }) => {
      const [now, then] = [`${kind}: ${path}`, `${kind}: ${path}, known later`];
      makers[kind]?.(now, args);
      makers[kind]?.(then, Object.fromEntries(Object.entries(args).map(([key, value]) => [key, later(value)])));
      return [now, then];
    });
    new Machine("overlay", { memory: "1GiB", xml: { overlay: "<domain/>" } });
    new Machine("secret overlay", { memory: "1GiB", xml: { overlay: pulumi.secret("<domain/>") } });
    await pulumi.runtime.disconnect();
  });

  it("is told to the engine as secret, wherever it is and whenever it is known", () => {
    assert.ok(names.length > 30);
    for (const name of names) {
      assert.match(JSON.stringify(registered.get(name)), /hunter2/, name);
      assert.doesNotMatch(withoutSecrets(registered.get(name)), /hunter2/, name);
    }
  });

  it("is so, too, when the provider adds it", () => {
    const iso = registered.get("InstallerIso: data");
    assert.match(JSON.stringify(iso), /"digestKey"/);
    assert.doesNotMatch(withoutSecrets(iso), /"digestKey"/);
    // The text of an overlay is made from its data.
    assert.doesNotMatch(withoutSecrets(registered.get("Machine: xml.data")), /"xml"/);
  });

  it("is so, too, when the provider computes it from what the program has made secret", () => {
    const machine = registered.get("secret overlay");
    assert.match(JSON.stringify(machine), /"xml"/);
    assert.doesNotMatch(withoutSecrets(machine), /"xml"/);
  });

  it("hides nothing where it isn't given", () => {
    assert.match(withoutSecrets(registered.get("overlay")), /<domain\/>/);
  });
});

describe("secrets of a schema", () => {
  const secret = z.string().optional().meta({ secret: true });
  const schema = z.strictObject({
    plain: z.string(),
    list: z.array(z.strictObject({ plain: z.string(), secret })),
    map: z.record(z.string(), z.strictObject({ secret })),
    either: z.union([z.string(), z.strictObject({ secret })]),
    deep: z.strictObject({ plain: z.string(), deeper: z.strictObject({ secret }) }),
    whole: z.strictObject({ secret }).meta({ secret: true }),
    source: z.strictObject({ secret, text: z.string().optional().meta({ secret: true, derived: true }) }),
    sum: z.string().optional().meta({ secret: true, derived: true }),
    screen: z.strictObject({ plain: z.string() }).optional().meta({ secretOutput: true }),
  });

  it("are found at any depth, a list or map as a whole", () => {
    assert.deepEqual(secretsOf(schema), {
      fields: ["list", "map", "either", "deep.deeper.secret", "whole"],
      tainting: ["source.secret"],
      computed: ["sum"],
      outputs: ["screen"],
    });
  });

  it("are described as secret", () => {
    const [field] = modelOf(
      "Thing",
      z.strictObject({ key: z.string().meta({ description: "A key. Default: none.", secret: true }) }),
    ).fields;
    assert.equal(field?.description, "A key. Always kept secret.");
    assert.equal(field.isSecret, true);
  });

  it("leave known what lies beside something unknown", async () => {
    const unknown = pulumi.output(pulumi.unknown);
    const args = {
      list: [{ plain: unknown }, { plain: "known" }],
      whole: { secret: unknown },
      source: { secret: unknown },
    };
    const { list, whole, source } = withSecrets(args, secretsOf(schema));
    const [first, second] = (await list) as readonly Promise<Args>[];
    assert.ok(!pulumi.Output.isInstance(await first));
    const known = await second;
    assert.ok(pulumi.Output.isInstance(known) && (await pulumi.isSecret(known)));
    for (const each of [await whole, await source]) assert.deepEqual(Object.keys(each as object), ["secret"]);
  });

  it("leave what has a wrong shape to the provider", () => {
    const args = { deep: "text", source: ["list"], either: null };
    const marked = withSecrets(args, { ...secretsOf(schema), computed: [] });
    assert.deepEqual(Object.keys(marked), Object.keys(args));
    assert.deepEqual([marked["deep"], marked["source"]], ["text", ["list"]]);
  });
});
