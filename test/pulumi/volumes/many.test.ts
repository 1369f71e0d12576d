import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { site } from "../../site";
import { createStack, type TestStack } from "../support";

const { connection, enter, host } = site();

/** Ten volumes of each kind of making in one pool. */
const program = (name: string) => `
  const original = new kvm.Volume("${name}-original", { size: "4MiB" });
  for (let index = 0; index < 9; index += 1) {
    const ways = [{ size: "4MiB" }, { size: "4MiB", preallocate: true }, { source: { volume: original.id } }];
    new kvm.Volume("${name}-" + index, ways[index % 3]);
  }
`;

describe("twenty volumes in one pool", () => {
  const stacks: TestStack[] = [];
  after(() => Promise.all(stacks.map((stack) => stack.remove())));

  it("are made at once by two programs, and deleted at once, without any failure", async () => {
    for (const name of ["many-a", "many-b"]) {
      const stack = await createStack({ connection, enter });
      stacks.push(stack);
      await stack.program(program(name));
    }
    for (const { ok, text, changes } of await Promise.all(stacks.map((stack) => stack.up()))) {
      assert.ok(ok, text);
      assert.equal(changes["create"], 11, text);
    }
    const ours = async () => (await host.libvirt.volumes("default")).filter((name) => name.startsWith("many-"));
    assert.equal((await ours()).length, 20);
    for (const { ok, text } of await Promise.all(stacks.map((stack) => stack.destroy()))) assert.ok(ok, text);
    assert.deepEqual(await ours(), []);
  });
});
