import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { scratchFolder } from "../../iso/host";
import { type InstallerKind, quickSource } from "../../resources/machine/quick-source";
import { site } from "../../site";
import { createStack, type Outcome, type TestStack } from "../support";

const { connection, enter, host } = site();
const { libvirt } = host;
const folder = scratchFolder();

const program = (name: string, kind: InstallerKind, more: string) => `
  const iso = new kvm.InstallerIso("${name}-iso", { source: ${JSON.stringify(quickSource(folder, kind))}, debian: {} });
  const volume = new kvm.Volume("${name}-root", { size: "1GiB" });
  const machine = new kvm.Machine("${name}", {
    memory: "512MiB", disks: [{ volume: volume.id }], installer: iso.id, forceOff: true, shutdownTimeout: "1s", ${more}
  });
  exports.installation = machine.installation;
`;

async function ends(name: string): Promise<void> {
  const uuid = (await libvirt.find("domain", name))?.uuid ?? "";
  while (await libvirt.isActive("domain", uuid)) await host.clock.sleep(100);
}

function fine({ ok, text }: Outcome): string {
  assert.ok(ok, text);
  return text;
}

describe("a program that waits for nothing", () => {
  let stack: TestStack;
  before(async () => {
    stack = await createStack({ connection, enter });
    await stack.program(program("unwatched", "quick", 'wait: "nothing"'));
  });
  after(async () => {
    await stack.destroy();
    await stack.remove();
  });

  it("ends while its machine is installed, and its next run completes the installation", async () => {
    fine(await stack.up());
    assert.deepEqual(await stack.outputs(), { installation: "installing" });
    await ends("unwatched");
    const preview = await stack.preview();
    assert.match(preview.text, /is installed; up ejects its medium and starts it/);
    fine(await stack.up());
    assert.deepEqual(await stack.outputs(), { installation: "complete" });
    assert.deepEqual((await stack.preview()).changes, { same: 4 });
  });
});

describe("two programs on a host that installs one machine at a time", () => {
  let stacks: readonly TestStack[];
  before(async () => {
    stacks = [await createStack({ connection, enter }), await createStack({ connection, enter })];
    for (const stack of stacks) await stack.configure({ "kvm:maxInstallations": "1" });
    await stacks[0]?.program(program("earlier", "stuck", 'wait: "nothing"'));
    await stacks[1]?.program(program("later", "quick", ""));
  });
  after(async () => {
    for (const stack of stacks) await stack.destroy();
    for (const stack of stacks) await stack.remove();
  });

  it("wait for each other, and say so", async () => {
    const [one, other] = stacks as readonly [TestStack, TestStack];
    fine(await one.up());
    const later = other.up();
    while ((await libvirt.find("domain", "later")) === undefined) await host.clock.sleep(100);
    fine(await one.destroy());
    assert.match(
      fine(await later),
      /waits for its turn to be installed, the next one: maxInstallations is 1, and earlier is before it/,
    );
    assert.deepEqual(await other.outputs(), { installation: "complete" });
  });
});
