import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { parseLease } from "../../../provider/libvirt/virsh/networks";
import { site } from "../../site";

const { enter, host } = site();
const { libvirt } = host;
const name = "leases-net";
const mac = "52:54:00:4a:00:06";

/** Asks for an address as a guest does, by DHCPv6 with rapid commit: one message, after which the address is given. */
const client = `
const hex = (text) => Buffer.from(text.replace(/[: ]/g, ""), "hex");
const option = (code, data) => Buffer.concat([Buffer.from([code >> 8, code & 255, data.length >> 8, data.length & 255]), data]);
const solicit = Buffer.concat([
  hex("01 00 00 01"),
  option(1, hex("00 03 00 01 ${mac}")),
  option(3, hex("00 00 00 01 00 00 00 00 00 00 00 00")),
  option(8, hex("00 00")),
  option(14, Buffer.alloc(0)),
]);
const socket = require("node:dgram").createSocket("udp6");
socket.bind({ address: "fe80::6%kd-lease-b" }, () => {
  socket.setMulticastInterface("::%kd-lease-b");
  socket.send(solicit, 547, "ff02::1:2%kd-lease-b", (error) => {
    if (error) throw error;
    socket.close();
  });
});
`;

async function inside(...command: string[]): Promise<void> {
  const [program = "", ...args] = [...enter, ...command];
  await host.run(program, args);
}

describe("addresses that a network has given out", () => {
  let uuid = "";
  before(async () => {
    await libvirt.define(
      "network",
      `<network><name>${name}</name><bridge name="kd-leases"/><ip family="ipv6" address="fd00:4a::1" prefix="64"><dhcp><range start="fd00:4a::100" end="fd00:4a::1ff"/></dhcp></ip></network>`,
    );
    uuid = (await libvirt.find("network", name))?.uuid ?? "";
    await libvirt.start("network", uuid);
    await inside("ip", "link", "add", "kd-lease-a", "type", "veth", "peer", "name", "kd-lease-b");
    await inside("ip", "link", "set", "kd-lease-a", "master", "kd-leases", "up");
    await inside("ip", "link", "set", "kd-lease-b", "address", mac, "addrgenmode", "none", "up");
    await inside("ip", "address", "add", "fe80::6/64", "dev", "kd-lease-b", "nodad");
  });
  after(async () => {
    await inside("ip", "link", "delete", "kd-lease-a");
    await libvirt.stop("network", uuid);
    await libvirt.undefine("network", uuid);
  });

  it("are those of IPv6, too", async () => {
    for (let attempt = 0; attempt < 60; attempt++) {
      await inside(process.execPath, "-e", client);
      const leases = await libvirt.leases(uuid);
      if (leases.length > 0) {
        assert.deepEqual(
          leases.map((lease) => lease.mac),
          [mac],
        );
        assert.match(leases[0]?.address ?? "", /^fd00:4a::1[0-9a-f]{2}$/);
        return;
      }
      await host.clock.sleep(500);
    }
    assert.fail("dnsmasq gave no address");
  });
});

describe("a line of virsh's list of leases", () => {
  for (const [what, line, expected] of [
    [
      "of IPv4",
      " 2026-11-30 09:50:00   52:54:00:68:00:01   ipv4       10.68.0.163/24   -          01:52:54:00:68:00:01",
      { mac: "52:54:00:68:00:01", address: "10.68.0.163" },
    ],
    [
      "with a host name",
      " 2026-11-30 09:50:00   52:54:00:68:00:01   ipv4       10.68.0.163/24   web one    -",
      { mac: "52:54:00:68:00:01", address: "10.68.0.163" },
    ],
    [
      "of IPv6 with a MAC address, whatever the DUID holds",
      " 2026-11-30 09:50:00   52:54:00:68:00:01   ipv6       fd00::1a/64   web   00:03:00:01:52:54:00:99:99:99",
      { mac: "52:54:00:68:00:01", address: "fd00::1a" },
    ],
    [
      "with the DUID of a link and a time",
      " 2026-11-30 09:50:00   -   ipv6       fd00::1a/64   -   00:01:00:01:2a:3b:4c:5d:52:54:00:68:00:01",
      { mac: "52:54:00:68:00:01", address: "fd00::1a" },
    ],
    [
      "with the DUID of a link",
      " 2026-11-30 09:50:00   -   ipv6       fd00::1a/64   -   00:03:00:01:52:54:00:68:00:01",
      { mac: "52:54:00:68:00:01", address: "fd00::1a" },
    ],
    [
      "with a DUID that holds no MAC address",
      " 2026-11-30 09:50:00   -   ipv6   fd00::1a/64   -   00:04:11:22:33:44",
      undefined,
    ],
  ] as const) {
    it(what, () => assert.deepEqual(parseLease(line), expected === undefined ? [] : [expected]));
  }
});
