import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { site } from "../../site";
import { smallSite } from "../programs";
import { createStack, type TestStack } from "../support";

const { connection, enter, host } = site();
const { libvirt } = host;

describe("what changed behind our back", () => {
  let stack: TestStack;

  before(async () => {
    stack = await createStack({ connection, enter });
    await stack.program(smallSite("drift", 2));
    const { ok, text } = await stack.up();
    assert.ok(ok, text);
  });
  after(async () => {
    await stack.destroy();
    await stack.remove();
  });

  const uuidOf = async (kind: "domain" | "network") =>
    (await libvirt.find(kind, kind === "domain" ? "drift" : "drift-net"))?.uuid ?? "";

  it("a machine's memory: refresh shows it, up puts it right", async () => {
    const uuid = await uuidOf("domain");
    const xml = (await libvirt.definition("domain", uuid)) ?? "";
    await libvirt.define("domain", xml.replace(/(<(?:currentM|m)emory unit='KiB'>)\d+/g, "$1131072"));
    const refresh = await stack.refresh();
    assert.equal(refresh.changes["update"], 1, refresh.text);
    const preview = await stack.preview();
    assert.match(preview.text, /~ memory\s*: "128MiB" => "64MiB"/);
    assert.ok((await stack.up()).ok);
    assert.match((await libvirt.definition("domain", uuid)) ?? "", /<memory unit='KiB'>65536</);
  });

  it("a machine that was deleted: refresh sees it gone, up makes it again", async () => {
    const uuid = await uuidOf("domain");
    await libvirt.stop("domain", uuid);
    await libvirt.undefine("domain", uuid);
    const refresh = await stack.refresh();
    assert.equal(refresh.changes["delete"], 1, refresh.text);
    assert.deepEqual((await stack.preview()).changes, { create: 1, same: 3 });
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.notEqual(await uuidOf("domain"), uuid, "a new machine has a UUID that no state knows");
    assert.deepEqual((await stack.preview()).changes, { same: 4 });
  });

  it("a network's DHCP range: refresh shows it, up puts it right", async () => {
    const uuid = await uuidOf("network");
    await libvirt.updateNetwork(uuid, {
      command: "delete",
      section: "ip-dhcp-range",
      xml: "<range start='10.250.2.100' end='10.250.2.200'/>",
    });
    await libvirt.updateNetwork(uuid, {
      command: "add-last",
      section: "ip-dhcp-range",
      xml: "<range start='10.250.2.50' end='10.250.2.60'/>",
    });
    assert.equal((await stack.refresh()).changes["update"], 1);
    assert.match((await stack.preview()).text, /~ start\s*: "10.250.2.50" => "10.250.2.100"/);
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.match(
      (await libvirt.definition("network", uuid)) ?? "",
      /<range start='10.250.2.100' end='10.250.2.200'\/>/,
    );
  });

  it("a network that must restart waits while a machine runs on it, and restarts when that is allowed", async () => {
    const other = smallSite("drift", 2).replace('name: "drift.test"', 'name: "other.test"');
    await stack.program(other);
    const waits =
      "drift-net: domain.name: waits for the network's next restart, which affects drift; allowRestart: true does it now";
    for (const text of [(await stack.preview()).text, (await stack.up()).text])
      assert.ok(text.includes(waits.slice(11)), text);
    assert.deepEqual((await stack.preview()).changes, { same: 4 });
    await stack.program(other.replace("domain:", "allowRestart: true, domain:"));
    assert.match((await stack.preview()).text, /drift-net: domain.name: waited for a restart, which happens now/);
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    const uuid = await uuidOf("network");
    assert.match((await libvirt.liveDefinition("network", uuid)) ?? "", /<domain name='other.test'/);
    assert.equal((await libvirt.networkPorts(uuid)).length, 1, "the machine is plugged in again");
    await stack.program(smallSite("drift", 2));
  });
});
