import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { site } from "../../site";
import { createStack, type TestStack } from "../support";

const { connection, enter, host } = site();

/** A machine with a disk for its system, and one for data that nobody may delete. */
const program = (dataSize: string, isProtected: boolean) => `
  const system = new kvm.Volume("kept-system", { size: "8MiB" });
  const data = new kvm.Volume("kept-data", { format: "raw", size: "${dataSize}" }, { protect: ${String(isProtected)} });
  const machine = new kvm.Machine("kept", {
    memory: "64MiB", firmware: "bios", shutdownTimeout: "1s", disks: [{ volume: system.id }, { volume: data.id }],
  });
  Object.assign(exports, { uuid: machine.uuid, urn: machine.urn, path: data.path });
`;

describe("a protected data disk", () => {
  let stack: TestStack;
  before(async () => {
    stack = await createStack({ connection, enter });
  });
  after(async () => {
    await stack.program(program("16MiB", false));
    await stack.up();
    const { ok, text } = await stack.destroy();
    assert.ok(ok, text);
    await stack.remove();
  });

  it("survives the replacement of its machine with all its content", async () => {
    await stack.program(program("8MiB", true));
    const first = await stack.up();
    assert.ok(first.ok, first.text);
    const { urn, path } = (await stack.outputs()) as { urn: string; path: string };
    await host.files.writeAt(path, 0, Buffer.from("precious"));
    const replaced = await stack.up("--replace", urn);
    assert.ok(replaced.ok, replaced.text);
    assert.equal(replaced.changes["replace"], 1, replaced.text);
    const machine = await host.libvirt.find("domain", "kept");
    assert.ok(machine, "the new machine is not deleted with the old one");
    assert.ok(await host.libvirt.isActive("domain", machine.uuid));
    assert.equal((await host.files.readFrom(path, 0, 8)).toString(), "precious");
  });

  it("grows while the machine runs, as the preview says", async () => {
    await stack.program(program("16MiB", true));
    const { text } = await stack.preview();
    assert.match(text, /kept-data: size: grows while kept runs/);
    const { ok, text: done, changes } = await stack.up();
    assert.ok(ok, done);
    assert.deepEqual(changes, { update: 1, same: 3 });
    assert.equal((await host.files.stat(((await stack.outputs()) as { path: string }).path))?.bytes, 16 * 2 ** 20);
  });

  it("is not deleted by a destroy", async () => {
    const { ok, text } = await stack.destroy();
    assert.equal(ok, false);
    assert.match(text, /kept-data.*protected|protected.*kept-data/s);
    const { path } = (await stack.outputs()) as { path: string };
    assert.equal((await host.files.readFrom(path, 0, 8)).toString(), "precious");
  });
});
