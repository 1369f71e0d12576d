import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { childrenOf, find, parse } from "../../../provider/format/xml";
import type { Host } from "../../../provider/host/index";
import { isInSubnet, release, reservationsOf, reserve } from "../../../provider/resources/machine/reservations";
import { site } from "../../site";

const { host } = site();
const { libvirt } = host;
const network = "reservations-net";
const mac = "52:54:00:0e:00:01";

describe("a machine's fixed address", () => {
  let uuid = "";
  const hosts = async () => {
    const root = parse((await libvirt.definition("network", uuid)) ?? "");
    return childrenOf(find(root, "ip/dhcp"), "host").map(
      ({ attributes }) => `${attributes["mac"]} ${attributes["ip"]}`,
    );
  };
  const reserveAt = (address: string, ofMac = mac) =>
    reserve(libvirt, { network, mac: ofMac, address }, "nics[0].address");

  before(async () => {
    await libvirt.define(
      "network",
      `<network><name>${network}</name><bridge name="kd-reserve"/><ip address="10.14.0.1" prefix="24"><dhcp><range start="10.14.0.100" end="10.14.0.200"/></dhcp></ip></network>`,
    );
    uuid = (await libvirt.find("network", network))?.uuid ?? "";
  });
  after(() => libvirt.undefine("network", uuid));

  it("is of the NICs that ask for one", () => {
    const nics = [{ network: "a" }, { network: "b", address: "10.0.0.2" }];
    assert.deepEqual(reservationsOf({ nics }, ["m0", "m1"]), [{ network: "b", mac: "m1", address: "10.0.0.2" }]);
  });

  it("is reserved in the network, once", async () => {
    await reserveAt("10.14.0.5");
    await reserveAt("10.14.0.5");
    assert.deepEqual(await hosts(), [`${mac} 10.14.0.5`]);
  });

  it("moves when it changes", async () => {
    await reserveAt("10.14.0.6");
    assert.deepEqual(await hosts(), [`${mac} 10.14.0.6`]);
  });

  it("that another guest has is a conflict at the property", async () => {
    await assert.rejects(reserveAt("10.14.0.6", "52:54:00:0e:00:02"), {
      code: "conflict",
      message: `nics[0].address: network "${network}" gives 10.14.0.6 to the MAC address ${mac} already. Choose another address`,
    });
  });

  it("outside of the subnet is the guest's own affair", async () => {
    await reserveAt("10.99.0.6", "52:54:00:0e:00:03");
    assert.equal((await hosts()).length, 1);
  });

  it("is released while nobody else writes to the network", async () => {
    const held: string[] = [];
    let isHeld = false;
    const watching: Pick<Host, "libvirt" | "lock"> = {
      lock: async (name, work) => {
        held.push(name);
        isHeld = true;
        return work().finally(() => {
          isHeld = false;
        });
      },
      libvirt: new Proxy(libvirt, {
        get: (target, verb): unknown => {
          assert.ok(isHeld, String(verb));
          return Reflect.get(target, verb);
        },
      }),
    };
    await reserveAt("10.14.0.7", "52:54:00:0e:00:07");
    await release(watching, { network, mac: "52:54:00:0e:00:07", address: "10.14.0.7" });
    assert.deepEqual(held, [`network ${network}`]);
    assert.deepEqual(await hosts(), [`${mac} 10.14.0.6`]);
  });

  it("is released, also twice, and never another guest's", async () => {
    await release(host, { network, mac: "52:54:00:0e:00:02", address: "10.14.0.6" });
    assert.equal((await hosts()).length, 1);
    for (let time = 1; time <= 2; time++) await release(host, { network, mac, address: "10.14.0.6" });
    assert.deepEqual(await hosts(), []);
  });

  it("in a network that is gone is no matter", async () => {
    await reserve(libvirt, { network: "reservations-none", mac, address: "10.14.0.5" }, "");
    await release(host, { network: "reservations-none", mac, address: "10.14.0.5" });
  });
});

describe("whether an address is in a network's subnet", () => {
  const known = parse('<network><ip address="10.14.0.1" prefix="24"/></network>');
  for (const [address, expected] of [
    ["10.14.0.1", true],
    ["10.14.0.254", true],
    ["10.14.0.0", false],
    ["10.14.0.255", false],
    ["10.14.1.5", false],
  ] as const) {
    it(`${address}: ${expected}`, () => assert.equal(isInSubnet(known, address), expected));
  }

  it("isn't known of a bridge of the host's", () =>
    assert.equal(isInSubnet(parse("<network/>"), "10.0.0.1"), undefined));
});
