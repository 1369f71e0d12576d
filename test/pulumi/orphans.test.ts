import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { run } from "../../provider/host/run";
import { CommandFailed } from "../../provider/values/errors";
import { root, site } from "../site";
import { createStack, type TestStack } from "./support";

const { connection, enter, host } = site();

const program = (volumes: string) => `
  new kvm.Network("orphan-lab", { mode: "isolated" });
  for (const name of ${volumes}) new kvm.Volume(name, { size: "1MiB" });
`;

describe("kvm-deploy orphans, of a real stack", () => {
  let stack: TestStack;
  before(async () => {
    stack = await createStack({ connection, enter });
    await stack.program(program('["orphan-kept", "orphan-lost"]'));
    const { ok, text } = await stack.up();
    assert.ok(ok, text);
  });
  after(async () => {
    await stack.destroy();
    await stack.remove();
  });

  const command = async (...args: string[]) => {
    const file = path.join(root, "dist/provider/cli/index.js");
    const options = { cwd: stack.folder, env: stack.env, accept: [1, 2] };
    try {
      return await run(process.execPath, [file, "orphans", ...args], options);
    } catch (error) {
      throw error instanceof CommandFailed ? new Error(error.failure.stderr) : error;
    }
  };
  const own = (text: string) => text.split("\n").filter((line) => line.includes("orphan-"));

  it("finds nothing of what its state has", async () => {
    const { stdout } = await command("--stack", "test", "--cwd", stack.folder);
    assert.deepEqual(own(stdout), []);
  });

  it("finds what went out of the state, and removes it alone", async () => {
    const urn = /"urn": ?"([^"]*::orphan-lost)"/.exec(await stack.state())?.[1] ?? "";
    await stack.pulumi("state", "delete", urn, "--yes");
    await stack.program(program('["orphan-kept"]'));
    const { exitCode, stdout } = await command("--stack", "test");
    assert.equal(exitCode, 1);
    assert.equal(own(stdout).length, 1, stdout);
    assert.match(own(stdout)[0] ?? "", /^ {2}volume:default\/orphan-lost {2}a volume, of urn:pulumi:test::test::/);
    const file = path.join(stack.folder, "state.json");
    writeFileSync(file, await stack.state());
    const removed = await command("--state", file, "--remove", "volume:default/orphan-lost", "--yes");
    assert.deepEqual([removed.exitCode, removed.stderr], [0, "volume:default/orphan-lost: removed\n"]);
    const left = (await host.libvirt.volumes("default")).filter((name) => name.startsWith("orphan-"));
    assert.deepEqual(left, ["orphan-kept"]);
    const { ok, changes, text } = await stack.preview();
    assert.deepEqual([ok, changes], [true, { same: 3 }], text);
  });

  it("finds all of it once the stack is gone, and knows the stack's name from its program's folder", async () => {
    await stack.destroy();
    const { stdout } = await command("--stack", "test", "--json");
    assert.deepEqual((JSON.parse(stdout) as { stacks: unknown }).stacks, [{ stack: "test", project: "test" }]);
    assert.deepEqual(own(stdout), []);
  });
});
