import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { childrenOf, find, parse } from "../../../../provider/format/xml";
import { isInSubnet } from "../../../../provider/resources/machine/guest/dhcp";
import { movesOf } from "../../../../provider/resources/machine/guest/moves";
import { reservationsOf } from "../../../../provider/resources/machine/guest/reservation";
import { release, reserve } from "../../../../provider/resources/machine/guest/reservations";
import { testContext } from "../../../context";
import { site } from "../../../site";

const { host, connection } = site();
const { libvirt, ledger } = host;
const claimant = testContext(connection);
const network = "reservations-net";
const mac = "52:54:00:0e:00:01";

describe("a machine's fixed address", () => {
  let uuid = "";
  const hosts = async () => {
    const root = parse((await libvirt.definition("network", uuid)) ?? "");
    return childrenOf(find(root, "ip/dhcp"), "host").map(({ attributes: { mac = "", ip = "" } }) => `${mac} ${ip}`);
  };
  const property = "nics[0].address";
  const reserveAt = (address: string, ofMac = mac) =>
    reserve(host, [{ network, mac: ofMac, address, property }], claimant);
  const releaseAt = (address: string, ofMac = mac) => release(host, { network, mac: ofMac, address });
  const machines: string[] = [];
  const define = async (name: string, ofMac: string) => {
    await libvirt.define(
      "domain",
      `<domain type="qemu"><name>${name}</name><memory>65536</memory><os><type>hvm</type></os>
        <devices><interface type="network"><mac address="${ofMac}"/><source network="${network}"/></interface></devices></domain>`,
    );
    machines.push((await libvirt.find("domain", name))?.uuid ?? "");
  };

  before(async () => {
    await libvirt.define(
      "network",
      `<network><name>${network}</name><bridge name="kd-reserve"/><ip address="10.14.0.1" prefix="24"><dhcp><range start="10.14.0.100" end="10.14.0.200"/></dhcp></ip></network>`,
    );
    uuid = (await libvirt.find("network", network))?.uuid ?? "";
    await define("reserves", mac);
  });
  after(async () => {
    for (const machine of machines) await libvirt.undefine("domain", machine);
    await libvirt.undefine("network", uuid);
  });

  it("is of the NICs that ask for one", () => {
    const nics = [{ network: "a" }, { network: "b", address: "10.0.0.2" }];
    assert.deepEqual(reservationsOf({ nics }, ["m0", "m1"]), [
      { network: "b", mac: "m1", address: "10.0.0.2", property: "nics[1].address" },
    ]);
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

  it("that another owner's machine has is a conflict at the property, by that machine's name", async () => {
    const other = "52:54:00:0e:00:02";
    await define("reserves-other", other);
    await assert.rejects(reserveAt("10.14.0.6", other), {
      code: "conflict",
      message: `nics[0].address: network "${network}" already gives 10.14.0.6 to machine "reserves" (${mac}). Choose another address`,
    });
    assert.deepEqual(await ledger.entry("reservation", `${network}/${other}`), undefined);
  });

  it("that was given to no machine is a conflict, unless kvm-deploy has given it", async () => {
    const [foreign, left] = ["52:54:00:0e:00:0f", "52:54:00:0e:00:1f"];
    const put = (ofMac: string, address: string) =>
      libvirt.updateNetwork(uuid, {
        command: "add-last",
        section: "ip-dhcp-host",
        xml: `<host mac="${ofMac}" ip="${address}"/>`,
      });
    await put(foreign, "10.14.0.7");
    await put(left, "10.14.0.8");
    await ledger.claim("reservation", `${network}/${left}`, {
      owner: "urn:gone",
      identity: "gone",
      thing: "10.14.0.8",
    });
    await assert.rejects(reserveAt("10.14.0.7"), {
      message: new RegExp(
        `already gives 10.14.0.7 to ${foreign}, which is no machine's MAC address on this host. Choose another address, or free it: virsh net-update ${network} delete ip-dhcp-host`,
      ),
    });
    await reserveAt("10.14.0.8");
    assert.deepEqual((await hosts()).sort(), [`${mac} 10.14.0.8`, `${foreign} 10.14.0.7`]);
    assert.equal(await ledger.entry("reservation", `${network}/${left}`), undefined);
    await libvirt.updateNetwork(uuid, {
      command: "delete",
      section: "ip-dhcp-host",
      xml: `<host mac="${foreign}" ip="10.14.0.7"/>`,
    });
    await reserveAt("10.14.0.6");
  });

  it("outside of the subnet is the guest's own affair", async () => {
    await reserveAt("10.99.0.6", "52:54:00:0e:00:03");
    assert.equal((await hosts()).length, 1);
  });

  it("is released, also twice, and never another guest's", async () => {
    await releaseAt("10.14.0.6", "52:54:00:0e:00:02");
    assert.equal((await hosts()).length, 1);
    for (let time = 1; time <= 2; time++) await releaseAt("10.14.0.6");
    assert.deepEqual(await hosts(), []);
    assert.deepEqual(
      (await ledger.names("reservation")).filter((name) => name.startsWith(`${network}/`)),
      [],
    );
  });

  it("in a network that no longer exists does not matter", async () => {
    const gone = { network: "reservations-none", mac, address: "10.14.0.5", property };
    await reserve(host, [gone], claimant);
    await release(host, gone);
  });
});

describe("how a network comes to what its machines are to have", () => {
  const hostsOf = (text: string) =>
    text.split(" ").flatMap((each) => (each === "" ? [] : [{ mac: each.slice(0, 1), address: each.slice(1) }]));
  for (const [name, present, wishes, expected] of [
    ["nothing is wished for", "a1", "", ""],
    ["all is as wished for", "a1", "a1", ""],
    ["a new one, and one that changes: none is without", "a1", "a2 b3", "modify a2, add-last b3"],
    ["one takes what another gives up, in whatever order they are known", "a1 b2", "a2 b3", "modify b3, modify a2"],
    ["one takes what another gives up that gets nothing itself", "a1 b2 c3", "a2 b3", "delete b2, modify a2"],
    ["one whose address no other one wants keeps it until it gets another", "b2 c3", "b3", ""],
    ["what another one keeps is not taken", "a1 b2", "a2 b2", ""],
    ["what an unknown holder keeps is not taken", "a1 b2", "a2", ""],
    ["two change places", "a1 b2", "a2 b1", "delete b2, modify a2, add-last b1"],
    ["three change places", "a1 b2 c3", "a2 b3 c1", "delete b2, modify a2, modify c1, add-last b3"],
    ["of two that wish for one, the first", "", "a1 b1", "add-last a1"],
  ] as const) {
    it(name, () => {
      const moves = movesOf(hostsOf(present), hostsOf(wishes));
      assert.equal(
        moves.map(({ command, host: { mac: m, address } }) => `${command} ${m}${address}`).join(", "),
        expected,
      );
    });
  }
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
    it(`${address}: ${String(expected)}`, () => assert.equal(isInSubnet(known, address), expected));
  }

  it("isn't known of a bridge of the host's", () =>
    assert.equal(isInSubnet(parse("<network/>"), "10.0.0.1"), undefined));
});
