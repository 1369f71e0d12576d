import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { type ResourceDefinition } from "../../provider/resource/definition";
import { handlerOf } from "../../provider/resource/handler-of";
import { type Previewed, unknownValue } from "../../provider/resource/known";
import { Namesake } from "../../provider/resource/ownership";
import type { OutputsOf } from "../../provider/resource/outputs";
import type { PolicyTable } from "../../provider/resource/policy";
import { Conflict, KvmError } from "../../provider/values/errors";
import * as scalar from "../../provider/values/scalars";
import { testContext } from "../context";

const schema = z.strictObject({
  connection: scalar.connection,
  name: scalar.name,
  size: scalar.size,
  digest: z.string().optional(),
});
type Inputs = z.infer<typeof schema>;

const outputs = z.object({ uuid: z.string(), addresses: z.array(z.string()) });
type Outputs = OutputsOf<typeof outputs>;

const policies = { connection: "replace", name: "refuse", size: "live", digest: "live" } as const;
const named = "qemu:///system?socket=/run/other/libvirt-sock";

/** A resource on no host at all: it answers with what it was called with. */
function thing(own: Partial<ResourceDefinition<Inputs, Outputs>> = {}) {
  return handlerOf<Inputs, Outputs>({
    schema,
    outputs,
    policies: policies satisfies PolicyTable<Inputs>,
    refusal: "it holds data",
    create: (inputs) => Promise.resolve({ id: inputs.name, outputs: { ...inputs } }),
    read: (id, inputs, state) => Promise.resolve({ id, inputs: { ...inputs }, outputs: state }),
    update: (_id, olds, news) => Promise.resolve({ was: olds.size, is: news.size }),
    delete: () => Promise.resolve(),
    ...own,
  });
}

const context = testContext("qemu:///session");
const state = { connection: "qemu:///session", name: "a", size: "1GiB", uuid: "computed" };

describe("the connection", () => {
  for (const { it: says, olds, news, expected } of [
    { it: "is the one given", olds: state, news: named, expected: named },
    {
      it: "else stays that of the last deployment",
      olds: { ...state, connection: named },
      news: undefined,
      expected: named,
    },
    { it: "of a new thing is the default", olds: {}, news: undefined, expected: "qemu:///session" },
  ]) {
    it(says, async () => {
      const { inputs } = await thing().check(olds, { name: "a", size: "1GiB", connection: news }, context);
      assert.equal(inputs["connection"], expected);
    });
  }
});

describe("a state", () => {
  const byHand = { ...state, size: "something that another program made on the host" };

  it("that holds what inputs couldn't is read, brought back and deleted", async () => {
    assert.ok(await thing().read("a", byHand, context));
    const updated = await thing().update("a", byHand, { ...state, size: "2GiB" }, context);
    assert.deepEqual(updated, { was: byHand.size, is: "2GiB" });
    await thing().delete("a", byHand, context);
  });
});

describe("a check", () => {
  it("checks the host before a new thing is created, and reports what it finds as a failure", async () => {
    const handler = thing({
      inspect: () => Promise.reject(new Conflict("it is there", { property: "name", remedy: "Go away" })),
    });
    const { failures } = await handler.check({}, { name: "a", size: "1GiB" }, context);
    assert.deepEqual(failures, [{ property: "name", reason: "it is there. Go away" }]);
    assert.deepEqual((await handler.check(state, { name: "a", size: "1GiB" }, context)).failures, []);
  });

  it("of what may be replaced by --replace, which the engine does not report, says so; an update is refused", async () => {
    const namesake = new Namesake('a thing named "a"', "it belongs to another", { property: "name" });
    const handler = thing({ inspect: () => Promise.reject(namesake), inspectedFields: ["size"] });
    const told = testContext("qemu:///session");
    assert.deepEqual((await handler.check({}, { name: "a", size: "1GiB" }, told)).failures, []);
    assert.match(
      told.said.join(),
      /^a thing named "a" exists already, and it belongs to another\. If it is in this stack's state, it is replaced; if not/,
    );
    const { failures } = await handler.check(state, { name: "a", size: "2GiB" }, told);
    assert.deepEqual(failures, [
      { property: "name", reason: 'a thing named "a" exists already, and it belongs to another' },
    ]);
  });

  it("reports the errors of derive together with what is refused", async () => {
    const derive = () => Promise.reject(new KvmError("not-found", "no template", { property: "template" }));
    const { failures } = await thing({ derive }).check(state, { name: "b", size: "1GiB" }, context);
    assert.deepEqual(failures, [
      { property: "name", reason: "can't be changed: it holds data" },
      { property: "template", reason: "no template" },
    ]);
  });

  it("asks for refusals of its own with normalised inputs", async () => {
    const refuse = (olds: Inputs, news: Previewed<Inputs>) =>
      Promise.resolve([{ property: "size", reason: `${olds.size} to ${news.complete?.size ?? ""}` }]);
    const { failures } = await thing({ refuse }).check(state, { name: "a", size: "512MiB" }, context);
    assert.deepEqual(failures, [{ property: "size", reason: "1GiB to 512MiB" }]);
  });

  it("adds what is derived, when all is known", async () => {
    const handler = thing({ derive: (inputs) => Promise.resolve({ ...inputs, digest: "d" }) });
    assert.equal((await handler.check({}, { name: "a", size: "1GiB" }, context)).inputs["digest"], "d");
    const { inputs } = await handler.check({}, { name: "a", size: unknownValue }, context);
    assert.deepEqual([inputs["digest"], inputs["size"]], [undefined, unknownValue]);
  });

  it("lets an error that isn't about the inputs through", async () => {
    const inspect = () => Promise.reject(new TypeError("a bug"));
    await assert.rejects(thing({ inspect }).check({}, { name: "a", size: "1GiB" }, context), TypeError);
  });
});

describe("the other calls", () => {
  it("get inputs out of what any state holds", async () => {
    const handler = thing();
    assert.deepEqual(await handler.update("a", state, { ...state, size: "2048MiB" }, context), {
      was: "1GiB",
      is: "2GiB",
    });
    assert.deepEqual((await handler.read("a", state, context))?.inputs, {
      connection: "qemu:///session",
      name: "a",
      size: "1GiB",
    });
  });

  it("refuse incomplete inputs with the property", () => {
    assert.throws(() => thing().create({ name: "a" }, context), /^KvmError: size: is missing; it must be a text$/);
  });

  it("report changes by policy, with what they do", async () => {
    const { replaces, notes } = await thing().diff("a", state, { ...state, connection: named }, context);
    assert.deepEqual(replaces, ["connection"]);
    assert.deepEqual(notes, ["connection: a new one replaces the old one"]);
  });

  it("take what is only digested for no difference by itself", async () => {
    const handler = thing({ policies: { ...policies, size: "digested" } });
    assert.equal((await handler.diff("a", state, { ...state, size: "2GiB" }, context)).changes, false);
  });

  it("ask the resource for what changes do only when there are some", async () => {
    const handler = thing({
      effects: ({ olds, news }) => Promise.resolve([`${olds?.size ?? ""} to ${news.complete?.size ?? ""}`]),
    });
    assert.deepEqual(await handler.diff("a", state, state, context), { changes: false, replaces: [], notes: [] });
    assert.deepEqual((await handler.diff("a", state, { ...state, size: "2GiB" }, context)).notes, ["1GiB to 2GiB"]);
  });

  it("need an update for what is outstanding, also when no field changes", async () => {
    const handler = thing({ outstanding: (news, { waits }) => (waits === news.complete?.name ? ["a restarts"] : []) });
    assert.equal((await handler.diff("a", state, state, context)).changes, false);
    const diff = await handler.diff("a", { ...state, waits: "a" }, state, context);
    assert.deepEqual([diff.changes, diff.notes], [true, ["a restarts"]]);
  });
});
