import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { site } from "../../site";
import { smallSite } from "../programs";
import { createStack, type TestStack } from "../support";

const { connection, enter, host } = site();
const { libvirt } = host;

const waits = (sshTimeout: string) => smallSite("half", 3, { more: `wait: "ssh", sshTimeout: "${sshTimeout}"` });
const waitsForNothing = smallSite("half", 3);

const machines = async () => (await libvirt.list("domain")).filter(({ name }) => name === "half");

describe("a create that was cut off", () => {
  let stack: TestStack;

  before(async () => {
    stack = await createStack({ connection, enter });
  });
  after(async () => {
    await stack.destroy();
    await stack.remove();
  });

  it("by an error keeps the machine in the state, and says what to do", async () => {
    await stack.program(waits("1s"));
    const { ok, text } = await stack.up();
    assert.equal(ok, false);
    assert.match(text, /sshTimeout: machine "half" did not answer by ssh at 10\.250\.3\.10 within 1 s/);
    assert.match(await stack.state(), /"pending": true/);
    assert.equal((await machines()).length, 1);
  });

  it("goes on with the next up, and nothing is left to do", async () => {
    const [made] = await machines();
    await stack.program(waitsForNothing);
    // A refresh in between must not make it look complete.
    assert.ok((await stack.refresh()).ok);
    const preview = await stack.preview();
    assert.match(preview.text, /half: was not created completely; up continues with it/);
    assert.equal(preview.changes["update"], 1);
    const { ok, text } = await stack.up();
    assert.ok(ok, text);
    assert.deepEqual(await machines(), [made]);
    assert.doesNotMatch(await stack.state(), /"pending": true/);
    assert.deepEqual((await stack.preview()).changes, { same: 4 });
    assert.ok((await stack.destroy()).ok);
  });

  it("by the death of every process goes on with the next up: no second machine, no conflict", async () => {
    await stack.program(waits("10m"));
    await killDuringUp(stack, async () => (await machines()).length === 1);
    const [made] = await machines();
    await stack.pulumi("cancel", "--yes");
    await stack.program(waitsForNothing);
    const { ok, text } = await stack.up();
    assert.ok(ok, text);
    assert.deepEqual(await machines(), [made]);
    assert.deepEqual((await stack.preview()).changes, { same: 4 });
    const destroyed = await stack.destroy();
    assert.ok(destroyed.ok, destroyed.text);
    assert.deepEqual(await machines(), []);
  });
});

/** Runs `up` in a process namespace of its own, and ends all of it at once when `isTime`. */
async function killDuringUp(stack: TestStack, isTime: () => Promise<boolean>): Promise<void> {
  const isolate = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const [program = "", ...args] = [...enter, ...isolate, "pulumi", "up", "--yes", "--skip-preview", ...stack.flags];
  const child = spawn(program, args, { cwd: stack.folder, env: { ...process.env, ...stack.env }, stdio: "ignore" });
  const ended = once(child, "exit");
  while (!(await isTime())) {
    assert.equal(child.exitCode, null, "up goes on until it is killed");
    await setTimeout(200);
  }
  // Long enough for the machine to be started and waited for.
  await setTimeout(3_000);
  child.kill("SIGKILL");
  await ended;
}
