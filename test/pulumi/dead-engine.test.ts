import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { scratchFolder } from "../iso/host";
import { site } from "../site";
import { beforeLoadingOurs } from "./preload";
import { createStack, type TestStack } from "./support";

const { connection, enter, host } = site();
const { libvirt } = host;
const count = 24;

/** A module that makes a provider talk all the time. */
const noisy = path.join(scratchFolder(), "noisy.js");
writeFileSync(
  noisy,
  'if (process.argv[1]?.includes("dynamic-provider")) setInterval(() => console.error("noise"), 10).unref();',
);

/** It ends the engine, so that ours can't reach it any more. Between them is a shell. */
const tooEarly = beforeLoadingOurs(
  scratchFolder(),
  `const status = require("node:fs").readFileSync("/proc/" + process.ppid + "/status", "utf8");
  process.kill(Number(/^PPid:\\s*(\\d+)/m.exec(status)[1]), "SIGKILL");`,
);

const volumes = `for (let index = 0; index < ${count}; index += 1) new kvm.Volume("dead-" + index, { size: "1MiB" });`;
const ours = async () => (await libvirt.volumes("default")).filter((name) => name.startsWith("dead-"));

/** The stack's processes that run such a program. */
function processesOf({ folder }: TestStack, program: string): string[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => {
    try {
      const runsIt = readFileSync(`/proc/${pid}/cmdline`, "latin1").includes(program);
      return runsIt && readlinkSync(`/proc/${pid}/cwd`) === folder;
    } catch {
      return false;
    }
  });
}

/** Those that serve our resources to that stack: without what one of them is just about to start, which looks the same. */
function providers(stack: TestStack): string[] {
  const all = processesOf(stack, "dynamic-provider");
  return all.filter((pid) => !all.includes(parentOf(pid)));
}

function parentOf(pid: string): string {
  try {
    return /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? "";
  } catch {
    return "";
  }
}

/** Starts `up`, and kills the CLI alone as soon as it is time. @param isTime gets what was printed */
async function killCli(
  stack: TestStack,
  isTime: (printed: string) => Promise<boolean> | boolean,
  env: NodeJS.ProcessEnv = {},
): Promise<void> {
  const args = [...enter, "pulumi", "up", "--yes", "--skip-preview", ...stack.flags];
  const child = spawn("env", args, {
    cwd: stack.folder,
    env: { ...process.env, ...stack.env, ...env },
    stdio: ["ignore", "pipe", "ignore"],
  });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
  const ended = once(child, "exit");
  while (!(await isTime(printed))) {
    assert.equal(child.exitCode, null, `up goes on until it is killed: ${printed}`);
    await setTimeout(20);
  }
  assert.equal(providers(stack).length, 1);
  child.kill("SIGKILL");
  await ended;
}

const isWaiting = (printed: string) =>
  /waits for urn:test \(process \d+\), which holds the lock for pool default/.test(printed);

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
    // Pulumi's own language host outlives its engine as well.
    for (const pid of processesOf(stack, "pulumi-")) process.kill(Number(pid), "SIGKILL");
    for (const pid of providers(stack)) process.kill(Number(pid), "SIGKILL");
    await stack.destroy();
    await stack.remove();
  });

  for (const [what, env] of [
    ["while it waits, which it tells,", {}],
    ["also when it prints something that nobody reads any more,", { NODE_OPTIONS: `--require ${noisy}` }],
  ] as const) {
    it(`ends ${what} and what it waited for is not made`, async () => {
      await stack.pulumi("cancel", "--yes");
      const work = async () => {
        await killCli(stack, isWaiting, env);
        await untilNoProvider(stack);
      };
      await host.lock("pool default", work, { urn: "urn:test" });
      assert.deepEqual(await ours(), []);
    });
  }

  it("before it could reach it ends", async () => {
    await stack.pulumi("cancel", "--yes");
    const env = { ...process.env, ...stack.env, NODE_OPTIONS: `--require ${tooEarly}` };
    const args = [...enter, "pulumi", "up", "--yes", "--skip-preview", ...stack.flags];
    const child = spawn("env", args, { cwd: stack.folder, env, stdio: "ignore" });
    const [, signal] = (await once(child, "exit")) as [number | null, string | null];
    assert.equal(signal, "SIGKILL");
    await untilNoProvider(stack);
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
    assert.deepEqual([await ours(), await host.files.list(host.directories.locks)], [[], []]);
    assert.deepEqual(providers(stack), []);
  });
});
