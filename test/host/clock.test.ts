import assert from "node:assert/strict";
import { it } from "node:test";
import { systemClock } from "../../provider/host/clock";

it("a sleep that the user interrupts is no bug", () =>
  assert.rejects(systemClock.sleep(60_000, AbortSignal.abort()), { name: "KvmError", code: "interrupted" }));
