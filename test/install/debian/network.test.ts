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
      { name: "enp2s0.7", vlan: { id: 7, link: "enp2s0" }, addresses: ["10.7.0.2/24"] },
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

  it("has an address of IPv6 from the installer where there is no other", () => {
    const network = networkOf([{ name: "enp1s0", addresses: ["2001:db8::10/64"], gateway6: "fe80::1" }]);
    const { address, netmask, gateway } = installersNetwork(network);
    assert.deepEqual({ address, netmask, gateway }, { address: "2001:db8::10/64", netmask: null, gateway: "fe80::1" });
    assert.deepEqual(networkFiles(network), []);
  });

  it("replaces the installer's stanza where it doesn't hold all, and makes everything by iproute2", () => {
    const network = networkOf([
      { name: "br0", bridge: { interfaces: ["bond0.5"] }, addresses: ["10.5.0.2/24"], gateway: "10.5.0.1" },
      { name: "bond0.5", vlan: { id: 5, link: "bond0" } },
      { name: "bond0", bond: { interfaces: ["enp1s0", "enp2s0"], primary: "enp2s0" }, dhcp4: false, mtu: 9000 },
      { name: "enp3s0", dhcp4: false, routes: [] },
    ]);
    const [interfaces, ours] = networkFiles(network);
    assert.equal(interfaces?.path, "new-system/etc/network/interfaces");
    assert.equal(interfaces.content, "source /etc/network/interfaces.d/*\n\nauto lo\niface lo inet loopback\n");
    assert.equal(
      ours?.content,
      `auto bond0
iface bond0 inet manual
	pre-up [ -e /sys/class/net/bond0 ] || ip link add bond0 type bond mode active-backup miimon 100
	pre-up ip link set enp1s0 down
	pre-up ip link set enp1s0 master bond0
	pre-up ip link set enp2s0 down
	pre-up ip link set enp2s0 master bond0
	pre-up ip link set bond0 type bond primary enp2s0
	pre-up ip link set bond0 mtu 9000
	pre-up echo 0 >/proc/sys/net/ipv6/conf/bond0/accept_ra
	post-down ip link del bond0

auto bond0.5
iface bond0.5 inet manual
	pre-up echo 0 >/proc/sys/net/ipv6/conf/bond0.5/accept_ra
	vlan-raw-device bond0

auto br0
iface br0 inet static
	pre-up [ -e /sys/class/net/br0 ] || ip link add br0 type bridge stp_state 0
	pre-up ip link set bond0.5 master br0
	pre-up ip link set bond0.5 up
	address 10.5.0.2/24
	gateway 10.5.0.1
	post-down ip link del br0

auto enp3s0
iface enp3s0 inet manual
	pre-up echo 0 >/proc/sys/net/ipv6/conf/enp3s0/accept_ra
`,
    );
  });
});
