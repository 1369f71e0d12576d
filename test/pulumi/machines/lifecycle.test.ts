import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { attributeOf, find, parse, textOf } from "../../../provider/format/xml";
import type { Kind } from "../../../provider/libvirt/client";
import { site } from "../../site";
import { smallSite } from "../programs";
import { createStack, type TestStack } from "../support";

const { connection, enter, host } = site();
const { libvirt } = host;

/** Everything on the host that a stack could leave behind. */
async function listing(): Promise<unknown> {
  const names = async (kind: Kind) => (await libvirt.list(kind)).map(({ name }) => name);
  const pools = await libvirt.list("pool");
  const volumes = await Promise.all(pools.map(async ({ name }) => [...(await libvirt.volumes(name))].sort()));
  // Without downloads, which all hosts share.
  const { isos, consoles, ledger, locks } = host.directories;
  const files = await Promise.all([isos, consoles, ledger, locks].map((folder) => host.files.list(folder)));
  return {
    domains: await names("domain"),
    networks: await names("network"),
    pools: await names("pool"),
    volumes,
    files,
  };
}

async function definition(kind: Kind, name: string) {
  const entry = await libvirt.find(kind, name);
  assert.ok(entry, `${kind} ${name} exists`);
  return parse((await libvirt.definition(kind, entry.uuid)) ?? "");
}

describe("a network, a volume and a machine", () => {
  let stack: TestStack;
  let listed: unknown;
  let uuid: unknown;

  before(async () => {
    listed = await listing();
    stack = await createStack({ connection, enter });
    await stack.program(smallSite("life", 1));
  });
  after(() => stack.remove());

  it("are shown by a preview that changes nothing", async () => {
    const { ok, changes, text } = await stack.preview();
    assert.ok(ok, text);
    assert.deepEqual(changes, { create: 4 });
    assert.deepEqual(await listing(), listed);
  });

  it("are made by up, and running", async () => {
    const { ok, text } = await stack.up();
    assert.ok(ok, text);
    const { addresses, ssh, ...outputs } = await stack.outputs();
    uuid = outputs["uuid"];
    assert.deepEqual(addresses, ["10.250.1.10"]);
    assert.equal(ssh, "ssh root@10.250.1.10");
    assert.equal((await libvirt.domainState(String(uuid)))?.state, "running");
  });

  it("reserve the machine's address in the network", async () => {
    const network = await definition("network", "life-net");
    assert.equal(attributeOf(network, "ip/dhcp/host", "ip"), "10.250.1.10");
  });

  it("show no change in the next preview, nor after a refresh", async () => {
    assert.deepEqual((await stack.preview()).changes, { same: 4 });
    assert.deepEqual((await stack.refresh()).changes, { same: 4 });
    assert.deepEqual((await stack.preview()).changes, { same: 4 });
  });

  it("change in place: DHCP and the volume at once, memory with the note that it waits", async () => {
    const bridge = (await stack.outputs())["bridge"];
    const dhcpHosts = '[{ mac: "52:54:00:AA:00:01", address: "10.250.1.11" }]';
    await stack.program(smallSite("life", 1, { dhcpHosts, rangeEnd: "150", size: "128MiB", memory: "96MiB" }));
    const preview = await stack.preview();
    assert.deepEqual(preview.changes, { update: 3, same: 1 });
    assert.match(preview.text, /life: memory: waits for the next restart of life; allowRestart: true does it now/);
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.equal((await stack.outputs())["bridge"], bridge);
    assert.equal(attributeOf(await definition("network", "life-net"), "ip/dhcp/range", "end"), "10.250.1.150");
    assert.equal(textOf(await definition("domain", "life"), "memory"), String(96 * 1024));
    assert.equal((await libvirt.domainState(String(uuid)))?.state, "running");
    assert.deepEqual((await stack.preview()).changes, { same: 4 });
  });

  it("refuse a smaller volume at preview, by its property", async () => {
    await stack.program(smallSite("life", 1, { size: "64MiB" }));
    const { ok, text } = await stack.preview();
    assert.equal(ok, false);
    assert.match(text, /size: 64MiB is less than the 128MiB that the volume has/);
  });

  it("change the machine's firmware at its next restart, and say so before", async () => {
    await stack.program(smallSite("life", 1, { firmware: "uefi", size: "128MiB" }));
    const preview = await stack.preview();
    assert.match(preview.text, /firmware: waits for the next restart of life/);
    assert.equal(preview.changes["replace"], undefined);
    const volume = await definitionOfVolume();
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.equal(attributeOf(await definition("domain", "life"), "os", "firmware"), "efi");
    assert.equal(await definitionOfVolume(), volume);
    assert.deepEqual((await stack.preview()).changes, { same: 4 });
  });

  it("are gone after destroy, and the host is as it was", async () => {
    const { ok, text } = await stack.destroy();
    assert.ok(ok, text);
    assert.deepEqual(await listing(), listed);
  });

  async function definitionOfVolume(): Promise<string | undefined> {
    const volume = parse((await libvirt.volume("default", "life-root")) ?? "<none/>");
    return textOf(find(volume, "target"), "timestamps/btime") ?? textOf(volume, "key");
  }
});
