import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { z } from "zod";
import { type InputSchema } from "../../provider/resource/check";
import { type CommonInputs } from "../../provider/resource/definition";
import { handlerOf } from "../../provider/resource/handler-of";
import { changesBetween } from "../../provider/resource/diff";
import type { Handler, Properties } from "../../provider/resource/handler";
import { type Previewed, unknownValue } from "../../provider/resource/known";
import type { AnyPolicy, PolicyTable } from "../../provider/resource/policy";
import { KvmError } from "../../provider/values/errors";
import { loadResources, type Resource } from "../../tools/generate/resources";
import { testContext } from "../context";
import { root } from "../site";
import { placesIn, samplesOf, withUnknown } from "./unknown-places";

const connection = "qemu:///system";
const context = testContext(connection);

/** The same table, with the policy `replace` in every place. */
function allReplace(policy: AnyPolicy): AnyPolicy {
  if (typeof policy === "string" || policy.kind === "depends") return "replace";
  const fields = Object.fromEntries(
    Object.entries(policy.fields as Readonly<Record<string, AnyPolicy>>).map(([key, each]) => [key, allReplace(each)]),
  );
  if (policy.kind === "parts") return { ...policy, whole: "replace", fields: fields };
  const { kind, keyOf } = policy;
  return { kind, keyOf, added: "replace", removed: "replace", moved: "replace", fields: fields };
}

function definitionWith(schema: InputSchema<CommonInputs>, policies: PolicyTable<CommonInputs>) {
  const never = () => Promise.reject(new Error("is not asked"));
  return { schema, outputs: z.object({}), policies, create: never, read: never, update: never, delete: never };
}

function handlerWith(schema: InputSchema<CommonInputs>, policies: PolicyTable<CommonInputs>, derived: string[] = []) {
  return handlerOf<CommonInputs, object>({ ...definitionWith(schema, policies), derived });
}

describe("a value that is unknown at preview replaces nothing", () => {
  let resources: readonly Resource[] = [];
  before(async () => {
    resources = await loadResources(root);
  });

  for (const [what, change] of [
    ["whatever the policy of the field is", allReplace],
    ["by the resource's own policies", (policy: AnyPolicy) => policy],
  ] as const) {
    it(what, async () => {
      let places = 0;
      for (const resource of resources) {
        const schema = resource.schema as InputSchema<CommonInputs>;
        const entries = Object.entries(resource.policies).map(([key, policy]) => [key, change(policy)] as const);
        const policies = Object.fromEntries(entries) as unknown as PolicyTable<CommonInputs>;
        const handler = handlerWith(schema, policies);
        for (const sample of samplesOf(resource, connection)) {
          for (const place of placesIn(sample)) {
            const news = withUnknown(sample, place) as Properties;
            const { replaces, notes } = await handler.diff("id", sample, news, context);
            assert.deepEqual(replaces, [], `${resource.name} ${place.join(".")}`);
            for (const note of notes) assert.match(note, /: may .*; known when it is applied$/);
            places += 1;
          }
          const known = await handler.diff("id", sample, { ...sample, name: "b" }, context);
          assert.deepEqual(known.replaces, policies["name" as never] === "replace" ? ["name"] : []);
        }
      }
      assert.ok(places > 400, `only ${places} places were tried`);
    });
  }
});

const part = z.strictObject({ from: z.string().optional(), text: z.string().optional() });
const schema = z.strictObject({
  connection: z.string(),
  name: z.string(),
  most: z.int().default(4),
  count: z.int().default(1),
  part: part.optional(),
  system: z.record(z.string(), z.string()).optional(),
  digest: z.string().optional(),
  allowRestart: z.boolean().default(false),
});
const policies: PolicyTable<z.infer<typeof schema>> = {
  connection: "replace",
  name: "replace",
  most: "restart",
  count: {
    kind: "depends",
    text: "",
    most: "replace",
    decide: (_olds, news) => (news.count <= news.most ? "live" : "replace"),
  },
  part: { kind: "parts", whole: "restart", fields: { from: "digested", text: "restart" } },
  system: "digested",
  digest: "reinstall",
  allowRestart: "setting",
};
const base = { connection, name: "a", most: 4, count: 1, part: { from: "f", text: "t" }, digest: "d" };

describe("next to something that is unknown", () => {
  const handler = handlerWith(schema, policies as never, ["part.text", "digest"]);
  const notesOf = async (news: object) => (await handler.diff("id", base, { ...base, ...news }, context)).notes;

  it("what is derived is no change, for it is not derived then", async () => {
    assert.deepEqual(await notesOf({ name: unknownValue, part: { from: "f" }, digest: undefined }), [
      "name: may replace it; known when it is applied",
    ]);
  });

  it("what it is derived from may change it", async () => {
    const { changes, notes } = await handler.diff(
      "id",
      base,
      { ...base, system: unknownValue, digest: undefined },
      context,
    );
    assert.ok(changes);
    assert.deepEqual(notes, ["system: may change the result; known when it is applied"]);
  });

  it("what is known is reported as certain", async () => {
    assert.deepEqual(await notesOf({ count: 2, name: unknownValue }), [
      "count: changes while it runs",
      "name: may replace it; known when it is applied",
    ]);
  });

  it("a look that meets it finds nothing, and another one what it asks for", async () => {
    const seen: unknown[] = [];
    const asked = handlerOf<CommonInputs, object>({
      ...definitionWith(schema, policies as never),
      outstanding: async (news: Previewed<CommonInputs>) => {
        seen.push(news.known(({ allowRestart }) => allowRestart));
        seen.push(news.known(({ part }) => (part as Properties)["from"]));
        seen.push(await news.whenKnown(({ part }) => Promise.resolve((part as Properties)["text"])), news.complete);
        return [];
      },
    });
    const news = { ...base, allowRestart: unknownValue, part: { from: unknownValue, text: "t" } };
    await asked.diff("id", { ...base, allowRestart: true }, news, context);
    assert.deepEqual(seen, [undefined, undefined, "t", undefined]);
  });

  describe("what is derived says what is wrong", () => {
    const deriving = (derive: (inputs: CommonInputs) => void) =>
      handlerOf<CommonInputs, object>({
        ...definitionWith(schema, policies as never),
        derived: ["digest"],
        derive: (inputs) => {
          derive(inputs);
          return Promise.resolve({ ...inputs, digest: "derived" });
        },
      });
    const refuse = () => {
      throw new KvmError("invalid-input", "is wrong", { property: "part" });
    };
    const checked = (handler: Handler) => handler.check({}, { ...base, count: unknownValue }, context);

    it("with what is known, and gives nothing", async () => {
      const { failures } = await checked(deriving(({ part }) => part !== undefined && refuse()));
      assert.deepEqual(failures, [{ property: "part", reason: "is wrong" }]);
      const { inputs } = await checked(deriving(() => undefined));
      assert.equal(inputs["digest"], "d");
    });

    it("and not with what takes something unknown for wrong", async () => {
      const takesForWrong = (inputs: CommonInputs) => {
        try {
          return inputs["count"] === 1;
        } catch {
          return refuse();
        }
      };
      assert.deepEqual((await checked(deriving(takesForWrong))).failures, []);
    });
  });

  it("what depends on the unknown is not reported as certain", () => {
    const changes = changesBetween(schema, policies, base, { ...base, count: 9, most: unknownValue });
    assert.deepEqual(
      changes.map((change) => [change.path, change.isUncertain]),
      [
        ["most", true],
        ["count", true],
      ],
    );
  });
});
