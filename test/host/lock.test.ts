import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { type Clock, systemClock } from "../../provider/host/clock";
import { socketLock } from "../../provider/host/lock";
import { root } from "../site";

const scope = `test ${process.pid}`;
const lock = socketLock(scope, systemClock);

/** A process that holds the lock of that name until it is ended. */
async function holder(name: string) {
  const program = `
    const { socketLock } = require("./provider/host/lock");
    const { systemClock } = require("./provider/host/clock");
    void socketLock(${JSON.stringify(scope)}, systemClock)(${JSON.stringify(name)}, () => {
      console.log("held");
      return new Promise((resolve) => process.stdin.once("data", resolve));
    }).then(() => process.exit(0));
  `;
  const child = spawn(process.execPath, ["--import", "tsx", "-e", program], {
    cwd: root,
    stdio: ["pipe", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return child;
}

describe("a lock", () => {
  it("lets one at a time in, within a process", async () => {
    const order: string[] = [];
    const work = (name: string) => async () => {
      order.push(`${name} in`);
      await setTimeout(20);
      order.push(`${name} out`);
    };
    await Promise.all([lock("one", work("a")), lock("one", work("b"))]);
    assert.deepEqual(order, ["a in", "a out", "b in", "b out"]);
  });

  it("of another name or scope is another lock", async () => {
    const other = socketLock(`${scope} other`, systemClock);
    const value = await lock("two", () => lock("three", () => other("two", () => Promise.resolve("inside"))));
    assert.equal(value, "inside");
  });

  it("is free again after a failure", async () => {
    await assert.rejects(
      lock("failing", () => Promise.reject(new Error("failed"))),
      /failed/,
    );
    assert.equal(await lock("failing", () => Promise.resolve("next")), "next");
  });

  for (const [how, end] of [
    ["lets it go", (child: Awaited<ReturnType<typeof holder>>) => child.stdin.write("go\n")],
    ["is killed", (child: Awaited<ReturnType<typeof holder>>) => child.kill("SIGKILL")],
  ] as const) {
    it(`that another process holds is ours as soon as that ${how}`, async () => {
      const child = await holder(how);
      let isOurs = false;
      const ours = lock(how, () => {
        isOurs = true;
        return Promise.resolve();
      });
      await setTimeout(250);
      assert.equal(isOurs, false);
      end(child);
      await ours;
      assert.equal(isOurs, true);
    });
  }

  it("that stays taken is an error after ten minutes, which names it", async () => {
    let now = 0;
    const hurried: Clock = {
      now: () => now,
      sleep: () => {
        now += 60_000;
        return Promise.resolve();
      },
    };
    await lock("taken", async () => {
      await assert.rejects(
        socketLock(scope, hurried)("taken", () => Promise.resolve()),
        { code: "timeout", message: /another program has worked on .* taken for ten minutes\. Wait for it to end/ },
      );
    });
    assert.ok(now > 10 * 60_000 && now < 13 * 60_000);
  });

  it("is no longer waited for when the user interrupts", async () => {
    const interruption = new AbortController();
    await lock("interrupted", async () => {
      const waiting = lock("interrupted", () => Promise.resolve(), interruption.signal);
      interruption.abort();
      await assert.rejects(waiting, { name: "AbortError" });
    });
  });
});
