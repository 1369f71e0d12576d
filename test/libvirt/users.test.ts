import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { domainsThat, usesFile, usesNetwork } from "../../provider/libvirt/users";
import { site } from "../site";

const { libvirt } = site().host;

const guest = (name: string, devices: string) =>
  `<domain type="qemu"><name>${name}</name><memory>65536</memory><os><type>hvm</type></os><devices>${devices}</devices></domain>`;
const guests = {
  "users-nic": guest("users-nic", '<interface type="network"><source network="users-net"/></interface>'),
  "users-disk": guest(
    "users-disk",
    '<disk type="file"><source file="/users/a.img"/><target dev="vda" bus="virtio"/></disk><interface type="network"><source network="users-net-2"/></interface>',
  ),
};

describe("the machines that use a thing", () => {
  const names = (uses: readonly { readonly name: string }[]) => uses.map(({ name }) => name).sort();

  before(async () => {
    for (const xml of Object.values(guests)) await libvirt.define("domain", xml);
  });
  after(async () => {
    for (const name of Object.keys(guests)) {
      const entry = await libvirt.find("domain", name);
      if (entry !== undefined) await libvirt.undefine("domain", entry.uuid);
    }
  });

  it("by a network are those plugged into it, with whether they run", async () => {
    const [use, ...others] = await domainsThat(libvirt, usesNetwork("users-net"));
    assert.deepEqual([use?.name, use?.isActive, others], ["users-nic", false, []]);
    assert.equal(use?.uuid, (await libvirt.find("domain", "users-nic"))?.uuid);
  });

  it("by a file are those that have it as a disk", async () => {
    assert.deepEqual(names(await domainsThat(libvirt, usesFile("/users/a.img"))), ["users-disk"]);
    assert.deepEqual(names(await domainsThat(libvirt, usesFile("/users"))), []);
  });
});
