import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { installersNetwork, networkFiles } from "../../../provider/install/debian/network";
import { type Given, optionsOf } from "./options";

function networkOf(interfaces: NonNullable<Given["network"]>["interfaces"]) {
  return optionsOf({ network: { interfaces } }).system.network;
}

describe("Debian's network", () => {
  it("is the installer's own choice where nothing is given", () => {
    const byDhcp = { interface: "auto", address: null, netmask: null, gateway: "", nameservers: [] };
    assert.deepEqual(installersNetwork(undefined), byDhcp);
    assert.deepEqual(installersNetwork(networkOf([{}])), byDhcp);
    assert.deepEqual(networkFiles(networkOf([{}])), []);
  });

  it("has the first address of IPv4 from the installer, and the rest from a file of the new system", () => {
    const network = networkOf([
      {
        name: "enp1s0",
        addresses: ["2001:db8::10/64", "172.16.1.10/24", "172.16.1.11/24"],
        gateway: "172.16.1.1",
        gateway6: "2001:db8::1",
        dns: ["172.16.1.1", "2001:db8::53"],
        search: ["lab.example", "example"],
      },
      { name: "enp2s0" },
      { name: "enp2s0.7", vlan: { id: 7, link: "enp2s0" }, addresses: ["10.7.0.2/24"], gateway: "10.7.0.1" },
      { name: "enp2s0.8", vlan: { id: 8, link: "enp2s0" } },
    ]);
    assert.deepEqual(installersNetwork(network), {
      interface: "enp1s0",
      address: "172.16.1.10",
      netmask: "255.255.255.0",
      gateway: "172.16.1.1",
      nameservers: ["172.16.1.1", "2001:db8::53"],
    });
    const [interfaces, resolver, ...others] = networkFiles(network);
    assert.deepEqual(others, []);
    assert.equal(interfaces?.path, "new-system/etc/network/interfaces.d/kvm-deploy");
    assert.equal(
      interfaces.content,
      `iface enp1s0 inet6 static
	address 2001:db8::10/64
	gateway 2001:db8::1

iface enp1s0 inet static
	address 172.16.1.11/24

auto enp2s0
iface enp2s0 inet dhcp

auto enp2s0.7
iface enp2s0.7 inet static
	address 10.7.0.2/24
	gateway 10.7.0.1
	vlan-raw-device enp2s0

auto enp2s0.8
iface enp2s0.8 inet dhcp
	vlan-raw-device enp2s0
`,
    );
    assert.deepEqual(resolver, {
      path: "new-system/etc/resolv.conf",
      content: "search lab.example example\nnameserver 172.16.1.1\nnameserver 2001:db8::53\n",
      mode: 0o644,
    });
  });
});
