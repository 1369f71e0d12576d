import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import type { InputSchema } from "../../provider/resource/check";
import type { Handler, Properties } from "../../provider/resource/handler";
import type { OutputSchema } from "../../provider/resource/outputs";
import { modelOf, type ObjectModel, objectsIn, objectsOf } from "../../tools/generate/model";
import { type TestContext, testContext } from "../context";

/** One thing to set, and to remove again. */
export interface FieldCase {
  /** Inputs that go over the base. */
  readonly set: Properties;
  /** What they are without it, where that isn't the base; undefined takes an input of the base away. */
  readonly unset?: Properties;
  /** Why a refresh can't see the value that the host has. */
  readonly unread?: string;
  /** Where it is set when the thing is made, and can't be set later: whether its removal is refused or does nothing. */
  readonly removal?: "refused" | "nothing";
}

export interface FieldCases {
  readonly handler: Handler;
  readonly schema: InputSchema<unknown>;
  readonly outputs: OutputSchema<unknown>;
  /** Such as `Network`; the objects in it are called after their paths: `NetworkDhcp`. */
  readonly name: string;
  /** Complete inputs, with connection and name. */
  readonly base: Properties;
  readonly cases: Readonly<Record<string, FieldCase>>;
  /** Keys without a case, such as `Network.connection`, and why. */
  readonly without: Readonly<Record<string, string>>;
}

/**
 * Nothing false in the diff, of every key of a schema: what is set is applied, and neither afterwards nor after a refresh
 * a difference; what is removed shows, is applied, and is gone. A key without a case fails.
 */
export function fieldCases({ handler, schema, outputs, name, base, cases, without }: FieldCases): void {
  describe(`every field of ${name} can be set and removed without a false difference`, () => {
    const thing = new Deployed(handler, outputs, testContext(String(base["connection"])));
    after(() => thing.remove());

    for (const [title, { set, unset = {}, unread, removal }] of Object.entries(cases)) {
      it(title, async () => {
        const [plain, full] = [
          { ...base, ...unset },
          { ...base, ...set },
        ];
        if (removal !== undefined) return thing.isMadeWith(full, plain, removal);
        await thing.become(plain);
        assert.notDeepEqual(await thing.differences(full), [], "the preview shows nothing of what is set");
        await thing.become(full);
        await thing.isClean(full, "what was set");
        const before = thing.state;
        await thing.become(plain);
        await thing.isClean(plain, "what was removed");
        if (unread === undefined) await thing.isSeen(before, full);
      });
    }

    it("each key has a case", () => {
      const model = modelOf(name, schema);
      const keys = objectsIn(model).flatMap((object) => object.fields.map((field) => `${object.name}.${field.name}`));
      const covered = Object.values(cases).flatMap(({ set, unset = {} }) =>
        changedKeys(model, { ...base, ...unset }, { ...base, ...set }),
      );
      const missing = keys.filter((key) => !covered.includes(key));
      assert.deepEqual(missing.sort(), Object.keys(without).sort());
    });
  });
}

/** A thing as the engine deploys it, by its handler alone. */
class Deployed {
  private id: string | undefined;
  state: Properties = {};

  constructor(
    private readonly handler: Handler,
    private readonly outputs: OutputSchema<unknown>,
    private readonly context: TestContext,
  ) {}

  /** Checks, then creates, updates or replaces, whatever the diff says. */
  async become(given: Properties): Promise<void> {
    const inputs = await this.checked(given);
    if (this.id === undefined) return this.create(inputs);
    const { changes, replaces } = await this.handler.diff(this.id, this.state, inputs, this.context);
    if (!changes) return;
    if (replaces.length === 0) {
      this.keep(await this.handler.update(this.id, this.state, inputs, this.context));
      return;
    }
    await this.remove();
    await this.create(inputs);
  }

  /** What a preview shows. */
  async differences(given: Properties, state = this.state): Promise<readonly string[]> {
    const { changes, notes } = await this.handler.diff(
      this.id ?? "",
      state,
      plain(await this.checked(given)),
      this.context,
    );
    return changes ? ["changes", ...notes] : [];
  }

  /** No difference, neither to what the last deployment returned nor to what a refresh reads. */
  async isClean(given: Properties, what: string): Promise<void> {
    assert.deepEqual(await this.differences(given), [], `${what} differs right after it was applied`);
    const read = await this.handler.read(this.id ?? "", this.state, this.context);
    assert.ok(read, "it is gone");
    this.keep(read.outputs);
    assert.deepEqual(await this.differences(given), [], `${what} differs after a refresh`);
    const [expected, seen] = [plain(await this.checked(given)), plain(read.inputs)];
    assert.deepEqual(seen, expected, `a refresh reads other inputs than ${what}`);
  }

  /** A refresh that still expects what the host has no longer tells the difference: what is read comes from the host. */
  async isSeen(expected: Properties, given: Properties): Promise<void> {
    const read = await this.handler.read(this.id ?? "", expected, this.context);
    assert.ok(read, "it no longer exists");
    const seen = await this.differences(given, plain(read.outputs));
    assert.notDeepEqual(seen, [], "a refresh doesn't see that the host has another value");
  }

  /** Made anew with what is set, which then stays or no longer matters. */
  async isMadeWith(full: Properties, plain: Properties, removal: "refused" | "nothing"): Promise<void> {
    await this.remove();
    await this.become(full);
    await this.isClean(full, "what was set");
    const { failures } = await this.handler.check(this.state, plain, this.context);
    assert.equal(failures.length > 0, removal === "refused", `its removal: ${JSON.stringify(failures)}`);
    if (removal === "nothing") {
      await this.become(plain);
      await this.isClean(plain, "what was removed");
    }
    await this.remove();
  }

  async remove(): Promise<void> {
    if (this.id !== undefined) await this.handler.delete(this.id, this.state, this.context);
    [this.id, this.state] = [undefined, {}];
  }

  private async create(inputs: Properties): Promise<void> {
    const { id, outputs } = await this.handler.create(inputs, this.context);
    this.id = id;
    this.keep(outputs);
  }

  /** What a handler returns has all outputs of the schema. */
  private keep(state: Properties): void {
    assert.deepEqual(
      this.outputs.safeParse(state).error?.issues ?? [],
      [],
      "the outputs are other than their schema says",
    );
    this.state = plain(state);
  }

  private async checked(given: Properties): Promise<Properties> {
    const { inputs, failures } = await this.handler.check(this.state, given, this.context);
    assert.deepEqual(failures, []);
    return plain(inputs);
  }
}

/** As it looks after a journey through the state. */
function plain(properties: Properties): Properties {
  return JSON.parse(JSON.stringify(properties)) as Properties;
}

/**
 * The keys whose values differ. Of an object that only one side has, those count that it can't do without: whether an
 * optional one can be removed alone has to be tried too.
 */
function changedKeys(model: ObjectModel, one: unknown, other: unknown): string[] {
  return model.fields.flatMap((field) => {
    const [before, now] = [valueIn(one, field.name), valueIn(other, field.name)];
    if (JSON.stringify(before) === JSON.stringify(now)) return [];
    if (field.isOptional && (one === undefined || other === undefined)) return [];
    const inner = objectsOf(field.type).flatMap((object) =>
      pairsOf(before, now).flatMap(([left, right]) => changedKeys(object, left, right)),
    );
    return [`${model.name}.${field.name}`, ...inner];
  });
}

/** The objects to compare: of lists the items of each place. */
function pairsOf(one: unknown, other: unknown): (readonly [unknown, unknown])[] {
  if (!Array.isArray(one) && !Array.isArray(other)) return [[one, other]];
  const [before, now] = [asList(one), asList(other)];
  return Array.from({ length: Math.max(before.length, now.length) }, (_, index) => [before[index], now[index]]);
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function valueIn(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Properties)[key] : undefined;
}
