import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { childrenOf, find, parse, textOf } from "../../../provider/format/xml";
import { site } from "../../site";
import { smallSite } from "../programs";
import { createStack, type TestStack } from "../support";

const { connection, enter, host } = site();
const { libvirt } = host;

async function liveDomain(name: string) {
  const entry = await libvirt.find("domain", name);
  assert.ok(entry, `machine ${name} exists`);
  return { ...entry, root: parse((await libvirt.liveDefinition("domain", entry.uuid)) ?? "") };
}

describe("a machine that runs", () => {
  let stack: TestStack;
  const program = (more: string, memory = "64MiB") => {
    const data = 'const data = new kvm.Volume("chg-data", { size: "16MiB" });';
    return stack.program(data + smallSite("chg", 40, { memory, more: `forceOff: true, ${more}` }));
  };
  const apply = async () => {
    const preview = await stack.preview();
    assert.ok(preview.ok, preview.text);
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.deepEqual((await stack.preview()).changes, { same: 5 });
    return preview.text;
  };

  before(async () => {
    stack = await createStack({ connection, enter });
    await program("");
    const { ok, text } = await stack.up();
    assert.ok(ok, text);
  });
  after(async () => {
    await stack.destroy();
    await stack.remove();
  });

  it("gets a disk and a NIC without a restart", async () => {
    const { root } = await liveDomain("chg");
    await program(`disks: [{ volume: volume.id }, { volume: data.id }],
      nics: [{ network: network.name, address: "10.250.40.10" }, { network: network.name }],`);
    assert.match(await apply(), /chg: disks\[1\], nics\[1\]: attached while chg runs/);
    const devices = find((await liveDomain("chg")).root, "devices");
    assert.equal(childrenOf(devices, "disk").length, 2);
    assert.equal(childrenOf(devices, "interface").length, 2);
    assert.equal((await liveDomain("chg")).root.attributes["id"], root.attributes["id"]);
  });

  const grown = `disks: [{ volume: volume.id }, { volume: data.id }],
    nics: [{ network: network.name, address: "10.250.40.10" }, { network: network.name }],`;

  it("waits with more memory for its next restart, and says so", async () => {
    await program(grown, "96MiB");
    assert.match(await apply(), /chg: memory: waits for the next restart of chg; allowRestart: true does it now/);
    assert.equal(textOf((await liveDomain("chg")).root, "memory"), String(64 * 1024));
    assert.match(await stack.state(), /"waitingForRestart": \[\s*"memory"/);
  });

  it("restarts for the changes that wait as soon as that is allowed", async () => {
    await program(`${grown} allowRestart: true,`, "96MiB");
    assert.match(await apply(), /chg: memory: chg restarts for the changes that wait/);
    assert.equal(textOf((await liveDomain("chg")).root, "memory"), String(96 * 1024));
    assert.match(await stack.state(), /"waitingForRestart": \[\]/);
  });

  it("is off when it isn't to run, and a start by somebody else shows as drift", async () => {
    await program(`${grown} running: false,`, "96MiB");
    assert.match(await apply(), /chg: running: shuts chg down/);
    const { uuid } = await liveDomain("chg");
    assert.equal((await libvirt.domainState(uuid))?.state, "shut off");
    await libvirt.start("domain", uuid);
    assert.equal((await stack.refresh()).changes["update"], 1);
    await apply();
    assert.equal((await libvirt.domainState(uuid))?.state, "shut off");
  });
});

describe("a machine that others have made", () => {
  let stack: TestStack;
  const program = (adopt: boolean) =>
    stack.program(
      `new kvm.Machine("theirs-cli", { memory: "32MiB", running: false, adopt: ${String(adopt)}, shutdownTimeout: "1s" });`,
    );

  before(async () => {
    stack = await createStack({ connection, enter });
    await libvirt.define(
      "domain",
      `<domain type="qemu"><name>theirs-cli</name><memory unit="MiB">16</memory><description>by hand</description>
        <os><type arch="x86_64" machine="q35">hvm</type></os></domain>`,
    );
  });
  after(async () => {
    await stack.destroy();
    await stack.remove();
    const left = await libvirt.find("domain", "theirs-cli");
    if (left !== undefined) await libvirt.undefine("domain", left.uuid);
  });

  it("is a conflict at preview, which says how to take it over", async () => {
    await program(false);
    const { ok, text } = await stack.preview();
    assert.equal(ok, false);
    assert.match(text, /name: a machine named "theirs-cli" exists already, .* set adopt to true/);
  });

  it("is taken over as it is; the next preview shows its real differences, and up applies them", async () => {
    const { uuid } = await liveDomain("theirs-cli");
    await program(true);
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.equal(textOf((await liveDomain("theirs-cli")).root, "memory"), String(16 * 1024));
    assert.match((await stack.preview()).text, /theirs-cli: .*memory.*: in force when theirs-cli starts/);
    assert.ok((await stack.up()).ok);
    const theirs = await liveDomain("theirs-cli");
    assert.equal(theirs.uuid, uuid);
    assert.equal(textOf(theirs.root, "memory"), String(32 * 1024));
    assert.deepEqual((await stack.preview()).changes, { same: 2 });
  });
});
