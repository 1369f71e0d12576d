import assert from "node:assert/strict";
import { renameSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { scratchFolder } from "../../iso/host";
import { quickSource } from "../../resources/machine/quick-source";
import { site } from "../../site";
import { createStack, type TestStack } from "../support";

const { connection, enter, host } = site();
const { libvirt, files, directories } = host;
const folder = scratchFolder();
const source = quickSource(folder, "quick");
const iso = `${directories.isos}/replaced-iso.iso`;

const program = (more = "") => `
  const iso = new kvm.InstallerIso("replaced-iso", { source: ${JSON.stringify(source)}, debian: {} });
  const volume = new kvm.Volume("replaced-root", { size: "1GiB" });
  const machine = new kvm.Machine("replaced", {
    memory: "512MiB", shutdownTimeout: "1s", disks: [{ volume: volume.id }], installer: iso.id, ${more}
  });
  exports.urn = machine.urn;
`;

const uuid = async () => (await libvirt.find("domain", "replaced"))?.uuid ?? "";

/** The engine alone has this order: the ISO, the check of the replacement, the deletion, the creation. */
describe("a machine that was installed, whose ISO was deleted, and which is made anew", () => {
  let stack: TestStack;
  let urn = "";
  let old = "";

  before(async () => {
    stack = await createStack({ connection, enter });
    await stack.program(program());
    const { ok, text } = await stack.up();
    assert.ok(ok, text);
    urn = String((await stack.outputs())["urn"]);
    old = await uuid();
    assert.equal(await files.stat(iso), undefined);
  });
  after(async () => {
    await stack.destroy();
    await stack.remove();
  });

  const runsOn = async () => {
    assert.equal(await uuid(), old);
    assert.equal(await libvirt.isActive("domain", old), true);
    assert.equal((await stack.outputs())["urn"], urn);
  };

  it("is refused at preview and at up as long as its disk may not be overwritten; it continues to run", async () => {
    const refusal = /disks\[0\]\.volume: .*replaced-root.* has content, and the installation would erase it/;
    const preview = await stack.pulumi("preview", "--replace", urn).then(
      () => "",
      (error: unknown) => String((error as { failure?: { stderr: string; stdout: string } }).failure?.stdout),
    );
    assert.match(preview, refusal);
    const { ok, text } = await stack.up("--replace", urn);
    assert.equal(ok, false);
    assert.match(text, refusal);
    await runsOn();
  });

  it("runs on, too, when what is needed for the new one can't be made, and the next up is fine", async () => {
    await stack.program(program("overwrite: true,"));
    renameSync(source.path, `${source.path}.away`);
    const { ok, text } = await stack.up("--replace", urn);
    renameSync(`${source.path}.away`, source.path);
    assert.equal(ok, false);
    assert.match(text, /quick-source\.iso/);
    await runsOn();
    const again = await stack.up();
    assert.ok(again.ok, again.text);
    await runsOn();
  });

  it("has its ISO written again before the old one goes, and deleted after that", async () => {
    const { stdout } = await stack.pulumi("preview", "--replace", urn);
    assert.match(stdout, /1 to replace/);
    const { ok, text, changes } = await stack.up("--replace", urn);
    assert.ok(ok, text);
    assert.equal(changes["replace"], 1);
    assert.notEqual(await uuid(), old);
    assert.equal(await libvirt.isActive("domain", await uuid()), true);
    assert.equal(await files.stat(iso), undefined);
    assert.deepEqual((await stack.preview()).changes, { same: 4 });
    assert.deepEqual((await stack.refresh()).changes, { same: 4 });
  });

  it("is refused where its InstallerIso is no part of the run, with what to do", async () => {
    const present = await uuid();
    const { ok, text } = await stack.up("--target-replace", urn);
    assert.equal(ok, false);
    assert.match(text, /replaced-iso\.iso was deleted after an installation\. Include its InstallerIso in this run/);
    assert.equal(await uuid(), present);
    assert.equal(await libvirt.isActive("domain", present), true);
  });
});
