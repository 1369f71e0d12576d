import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { parse } from "../../provider/format/xml";
import {
  domainsThat,
  opensVolume,
  overlaysOf,
  usesFilesBelow,
  usesNetwork,
  usesVolume,
  writesVolume,
} from "../../provider/libvirt/users";
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
  "users-quoted": guest(
    "users-quoted",
    `<disk type="file"><source file="/quoted/Ann's &amp; Bob's.img"/><target dev="vda" bus="virtio"/></disk>`,
  ),
};

describe("the machines that use a thing", () => {
  const names = (uses: readonly { readonly name: string }[]) => uses.map(({ name }) => name).sort();
  const at = (path: string) => ({ path, pool: "users", name: "a.img" });

  before(async () => {
    for (const xml of Object.values(guests)) await libvirt.define("domain", xml);
  });
  after(async () => {
    for (const name of Object.keys(guests)) {
      const entry = await libvirt.find("domain", name);
      if (entry !== undefined) await libvirt.undefine("domain", entry.uuid);
    }
  });

  it("by a network are those attached to it, with whether they run", async () => {
    const [use, ...others] = await domainsThat(libvirt, usesNetwork("users-net"));
    assert.deepEqual([use?.name, use?.isActive, others], ["users-nic", false, []]);
    assert.equal(use?.uuid, (await libvirt.find("domain", "users-nic"))?.uuid);
  });

  it("by a volume are those that have it as a disk", async () => {
    assert.deepEqual(names(await domainsThat(libvirt, usesVolume(at("/users/a.img")))), ["users-disk"]);
    assert.deepEqual(names(await domainsThat(libvirt, usesVolume(at("/users")))), []);
  });

  it("are found by names that XML writes in another way", async () => {
    const place = { path: "/quoted/Ann's & Bob's.img", pool: "users", name: "Ann's & Bob's.img" };
    assert.deepEqual(names(await domainsThat(libvirt, usesVolume(place))), ["users-quoted"]);
  });

  it("by a directory are those with a disk below it", async () => {
    assert.deepEqual(names(await domainsThat(libvirt, usesFilesBelow("/users"))), ["users-disk"]);
    assert.deepEqual(names(await domainsThat(libvirt, usesFilesBelow("/user"))), []);
  });
});

describe("a disk", () => {
  const place = { path: "/pool/base", pool: "pool", name: "base" };
  const disk = (content: string) => parse(guest("d", `<disk type="file">${content}<target dev="vda"/></disk>`));
  const cases = {
    'is the volume: <source file="/pool/base"/>': { uses: true, opens: true, writes: true },
    'is the volume: <source dev="/pool/base"/>': { uses: true, opens: true, writes: true },
    'is the volume by its name: <source pool="pool" volume="base"/>': { uses: true, opens: true, writes: true },
    'only reads it: <source file="/pool/base"/><readonly/>': { uses: true, opens: true, writes: false },
    'is based on it at any depth: <source file="/a"/><backingStore><source file="/b"/><backingStore><source file="/pool/base"/></backingStore></backingStore>':
      { uses: true, opens: false, writes: false },
    'is of another pool: <source pool="other" volume="base"/>': { uses: false, opens: false, writes: false },
  };
  for (const [title, expected] of Object.entries(cases)) {
    it(title.slice(0, title.indexOf(":")), () => {
      const domain = disk(title.slice(title.indexOf("<")));
      const found = {
        uses: usesVolume(place).matches(domain),
        opens: opensVolume(place).matches(domain),
        writes: writesVolume(place).matches(domain),
      };
      assert.deepEqual(found, expected);
    });
  }
});

describe("the volumes that are based on another", () => {
  it("are found in every pool", async () => {
    const create = (name: string, more = "") =>
      libvirt.createVolume(
        "default",
        `<volume><name>${name}</name><capacity>1048576</capacity><target><format type="qcow2"/></target>${more}</volume>`,
      );
    await create("users-base");
    const path = /<path>(.*)<\/path>/.exec((await libvirt.volume("default", "users-base")) ?? "")?.[1] ?? "";
    assert.deepEqual(await overlaysOf(libvirt, path), []);
    await create("users-top", `<backingStore><path>${path}</path><format type="qcow2"/></backingStore>`);
    assert.deepEqual(await overlaysOf(libvirt, path), ["default/users-top"]);
    for (const name of ["users-top", "users-base"]) await libvirt.deleteVolume("default", name);
  });
});
