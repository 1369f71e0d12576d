import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { scratchFolder } from "../../iso/host";
import { quickSource } from "../../resources/machine/quick-source";
import { site } from "../../site";
import { createStack, type TestStack } from "../support";

const { connection, enter, host } = site();
const { libvirt, files, directories } = host;
const source = quickSource(scratchFolder(), "quick");
const iso = `${directories.isos}/reinstalled-iso.iso`;

const program = (more = "") => `
  const iso = new kvm.InstallerIso("reinstalled-iso", { source: ${JSON.stringify(source)}, debian: {} });
  const volume = new kvm.Volume("reinstalled-root", { size: "1GiB" });
  const machine = new kvm.Machine("reinstalled", {
    memory: "512MiB", shutdownTimeout: "1s", forceOff: true, disks: [{ volume: volume.id }], installer: iso.id, ${more}
  });
  exports.urn = machine.urn;
`;

const uuid = async () => (await libvirt.find("domain", "reinstalled"))?.uuid ?? "";

describe("a machine of a program that is given another text in `reinstall`", () => {
  let stack: TestStack;
  let old = "";

  before(async () => {
    stack = await createStack({ connection, enter });
    await stack.program(program());
    const { ok, text } = await stack.up();
    assert.ok(ok, text);
    old = await uuid();
    assert.equal(await files.stat(iso), undefined);
  });
  after(async () => {
    await stack.destroy();
    await stack.remove();
  });

  it("is named at preview with the disk that is erased", async () => {
    await stack.program(program('reinstall: "2026-12-01", title: "again",'));
    const { text, changes } = await stack.preview();
    assert.match(
      text,
      /reinstall: reinstalled is shut down, if necessary by force, and is installed again from .*reinstalled-iso\.iso, which erases disks\[0\] \(default\/reinstalled-root: a boot sector\)\. Its UUID, addresses and host keys stay/,
    );
    assert.deepEqual(changes, { update: 1, same: 3 });
  });

  it("is refused by a run without its InstallerIso, and stays as it is", async () => {
    const { stdout } = await stack.pulumi("stack", "output", "urn");
    const { ok, text } = await stack.up("--target", stdout.trim());
    assert.equal(ok, false);
    assert.match(text, /reinstalled-iso\.iso was deleted after an installation\. Include its InstallerIso in this run/);
    assert.equal(await libvirt.isActive("domain", old), true);
  });

  it("is installed again from its ISO, which is written again and deleted; then there is nothing to do", async () => {
    const { ok, text, changes } = await stack.up();
    assert.ok(ok, text);
    assert.deepEqual(changes, { update: 1, same: 3 });
    assert.match(text, /writing the ISO/);
    assert.equal(await uuid(), old);
    assert.equal(await libvirt.isActive("domain", old), true);
    assert.equal(await files.stat(iso), undefined);
    assert.deepEqual((await stack.preview()).changes, { same: 4 });
    assert.deepEqual((await stack.refresh()).changes, { same: 4 });
  });
});
