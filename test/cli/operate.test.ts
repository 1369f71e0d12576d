import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Stack } from "@pulumi/pulumi/automation";
import { operate, type Verb } from "../../provider/cli/stack/operate";

/** The options with which an operation runs the engine. */
async function optionsOf(verb: Verb, isPreview: boolean): Promise<Readonly<Record<string, unknown>>> {
  const given: Record<string, unknown>[] = [];
  const keep = (options: Record<string, unknown>) => Promise.resolve(given.push(options));
  const methods = ["preview", "up", "previewRefresh", "refresh", "previewDestroy", "destroy"];
  const stack = { workspace: {}, ...Object.fromEntries(methods.map((name) => [name, keep])) } as unknown as Stack;
  await operate(
    { name: "lab", stack, reinstallations: {}, reinstall: () => Promise.resolve() },
    {
      ...{ verb, isPreview, targets: [], program: () => Promise.resolve(), onEvent: () => undefined },
      signal: new AbortController().signal,
    },
  );
  return given[0] ?? {};
}

describe("an operation of a stack", () => {
  it("discards Pulumi's list of interrupted creates at a refresh only, as the next `up` continues them", async () => {
    const discards = async (verb: Verb, isPreview: boolean) =>
      (await optionsOf(verb, isPreview))["clearPendingCreates"] === true;
    assert.equal(await discards("refresh", false), true);
    assert.equal(await discards("refresh", true), false);
    assert.equal(await discards("up", false), false);
  });
});
