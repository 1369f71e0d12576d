import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { site } from "../site";
import { createStack, type TestStack } from "./support";

const { connection, enter, host } = site();
const { libvirt } = host;
const count = 24;

const volumes = `for (let index = 0; index < ${count}; index += 1) new kvm.Volume("dead-" + index, { size: "1MiB" });`;
const ours = async () => (await libvirt.volumes("default")).filter((name) => name.startsWith("dead-"));

/** The processes that serve our resources to that stack. */
function providers({ folder }: TestStack): string[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => {
    try {
      const isProvider = readFileSync(`/proc/${pid}/cmdline`, "latin1").includes("dynamic-provider");
      return isProvider && readlinkSync(`/proc/${pid}/cwd`) === folder;
    } catch {
      return false;
    }
  });
}

/** Starts `up`, and kills the CLI alone as soon as it is time. */
async function killCli(stack: TestStack, isTime: () => Promise<boolean>): Promise<void> {
  const args = [...enter, "pulumi", "up", "--yes", "--skip-preview", ...stack.flags];
  const child: ChildProcess = spawn("env", args, {
    cwd: stack.folder,
    env: { ...process.env, ...stack.env },
    stdio: "ignore",
  });
  const ended = once(child, "exit");
  while (!(await isTime())) {
    assert.equal(child.exitCode, null, "up goes on until it is killed");
    await setTimeout(20);
  }
  assert.equal(providers(stack).length, 1);
  child.kill("SIGKILL");
  await ended;
}

async function untilNoProvider(stack: TestStack): Promise<void> {
  const end = Date.now() + 60_000;
  while (providers(stack).length > 0) {
    assert.ok(Date.now() < end, "the provider goes on without its engine");
    await setTimeout(50);
  }
}

describe("a provider whose engine was killed", () => {
  let stack: TestStack;

  before(async () => {
    stack = await createStack({ connection, enter });
    await stack.program(volumes);
  });
  after(async () => {
    for (const pid of providers(stack)) process.kill(Number(pid), "SIGKILL");
    await stack.destroy();
    await stack.remove();
  });

  it("ends while it waits, and what it waited for is not made", async () => {
    await host.lock("pool default", async () => {
      const claimed = async () => (await host.ledger.names("volume")).some((name) => name.startsWith("default/dead-"));
      await killCli(stack, claimed);
      await untilNoProvider(stack);
    });
    assert.deepEqual(await ours(), []);
  });

  it("ends in the middle of its work, and changes nothing more", async () => {
    await stack.pulumi("cancel", "--yes");
    await killCli(stack, async () => (await ours()).length > 2);
    await untilNoProvider(stack);
    const made = (await ours()).length;
    assert.ok(made < count, `${made} of ${count} volumes were made`);
    // What is under way in a process of its own goes on to its end.
    await host.lock("pool default", () => setTimeout(500));
    assert.equal((await ours()).length, made);
  });

  it("is no obstacle: the next up goes on, and nothing is left to do", async () => {
    await stack.pulumi("cancel", "--yes");
    const { ok, text } = await stack.up();
    assert.ok(ok, text);
    assert.equal((await ours()).length, count);
    assert.deepEqual((await stack.preview()).changes, { same: count + 1 });
    assert.ok((await stack.destroy()).ok);
    assert.deepEqual([await ours(), await host.files.list(host.folders.locks)], [[], []]);
    assert.deepEqual(providers(stack), []);
  });
});
