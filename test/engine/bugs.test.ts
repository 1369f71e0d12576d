import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { serve } from "../../provider/engine/dynamic";
import { start } from "../../provider/engine/run";
import type { Handler } from "../../provider/resource/handler";
import { KvmError } from "../../provider/values/errors";

const run = start(process);

/** What Pulumi gets of a check that throws: the message, and what it prints where it prints the stack. */
async function shown(thrown: () => never): Promise<readonly string[]> {
  const handler = { check: () => Promise.resolve().then(thrown) } as unknown as Handler;
  const error: unknown = await Promise.resolve(serve(handler, run).check?.({}, {})).then(
    () => assert.fail("the check succeeds"),
    (failure: unknown) => failure,
  );
  assert.ok(error instanceof Error);
  return [error.message, `${String(error)}: ${error.stack ?? ""}`];
}

describe("what a handler throws reaches Pulumi", () => {
  it("as one line, where it was foreseen", async () => {
    const [message, printed] = await shown(() => {
      throw new KvmError("conflict", "it exists", { remedy: "Choose another name" });
    });
    assert.deepEqual(
      [message, printed],
      ["it exists. Choose another name", "kvm-deploy: it exists. Choose another name"],
    );
  });

  it("with its stack and a request to report it, where it is a bug; with the stack only once", async () => {
    const [message = "", printed] = await shown(() => {
      throw new TypeError("no such thing");
    });
    const report = "this is a bug in kvm-deploy; please report it with these lines: TypeError: no such thing";
    assert.equal(message.split("\n")[0], report);
    assert.match(message, /\n +at .*bugs\.test\.ts:\d+/s);
    assert.equal(printed, `kvm-deploy: ${report}`);
  });
});
