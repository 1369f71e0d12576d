import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { netplanOf } from "../../../provider/install/ubuntu/network";
import { type Given, optionsOf } from "./options";

function netplan(...interfaces: NonNullable<Given["network"]>["interfaces"]) {
  return netplanOf(optionsOf({ network: { interfaces } }).system.network);
}

describe("Ubuntu's network", () => {
  it("is the installer's own choice where nothing is given", () => assert.equal(netplanOf(undefined), null));

  it("finds the first interface by its kind, others by name or MAC address", () => {
    assert.deepEqual(netplan({}), { version: 2, ethernets: { nic0: { match: { name: "e*" }, dhcp4: true } } });
    const macs = [{ mac: "52:54:00:00:00:01" }, { mac: "52:54:00:00:00:02", name: "lan" }, { name: "enp3s0" }];
    assert.deepEqual(netplan(...macs)?.["ethernets"], {
      nic0: { match: { macaddress: "52:54:00:00:00:01" }, dhcp4: true },
      lan: { match: { macaddress: "52:54:00:00:00:02" }, "set-name": "lan", dhcp4: true },
      enp3s0: { dhcp4: true },
    });
  });

  it("has addresses, routers and name servers of both kinds", () => {
    const addresses = ["172.16.1.10/24", "2001:db8::10/64"];
    const dns = ["172.16.1.1"];
    const one = { name: "a", addresses, gateway: "172.16.1.1", gateway6: "2001:db8::1", dns, search: ["lab.example"] };
    assert.deepEqual(netplan(one)?.["ethernets"], {
      a: {
        addresses,
        routes: [
          { to: "0.0.0.0/0", via: "172.16.1.1" },
          { to: "::/0", via: "2001:db8::1" },
        ],
        nameservers: { addresses: dns, search: ["lab.example"] },
      },
    });
  });

  it("has VLANs and bonds, and what they are made of", () => {
    const bond = { interfaces: ["a", "b"], mode: "802.3ad" as const };
    const vlan = { id: 7, link: "bond0" };
    assert.deepEqual(
      netplan({ name: "bond0", bond }, { name: "bond0.7", vlan, addresses: ["10.0.0.2/24"] }, { name: "a" }),
      {
        version: 2,
        ethernets: { b: { dhcp4: false, dhcp6: false }, a: { dhcp4: false, dhcp6: false, "accept-ra": false } },
        bonds: {
          bond0: { interfaces: ["a", "b"], parameters: { mode: "802.3ad", "mii-monitor-interval": 100 }, dhcp4: true },
        },
        vlans: { "bond0.7": { id: 7, link: "bond0", addresses: ["10.0.0.2/24"] } },
      },
    );
  });
});
