import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { networkInputs } from "../../../provider/resources/network/schema";

const subnet = "10.9.0.0/24";
const subnet6 = "fd00:9::/64";
const range = { start: "10.9.0.100", end: "10.9.0.200" };
const host = (address: string, mac = "52:54:00:00:00:01", name?: string) => ({ mac, address, name });
const host6 = (address: string, name: string, id?: string) => ({ address, name, id });
const dhcp = (given: object) => ({ ipv4: { subnet, dhcp: given } });
const dhcp6 = (given: object) => ({ ipv6: { subnet: subnet6, dhcp: given } });
const foreign = { ipv4: undefined };
const decides = (mode: string) => `can't be set with mode "${mode}", where the host's own network decides; remove it`;

function problemsOf(given: object): string[] {
  const { error } = networkInputs.safeParse({ name: "unit", ipv4: { subnet }, ...given });
  return error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];
}

describe("a network's rules take", () => {
  for (const [what, given] of Object.entries({
    "IPv4 and IPv6 side by side": {
      ipv6: { subnet: subnet6, dhcp: { ranges: [{ start: "fd00:9::2", end: "fd00:9::99" }] } },
    },
    "IPv6 alone": { ipv4: undefined, ipv6: { subnet: subnet6 } },
    "an isolated network without an address": { mode: "isolated", ipv4: undefined },
    "a bridge of the host's": { ...foreign, mode: "bridge", bridge: "br0" },
    "a device's macvtap": { ...foreign, mode: "bridge", devices: ["eth0"] },
    "devices for one guest each": { ...foreign, mode: "passthrough", devices: ["eth0", "eth1"] },
    "fixed hosts inside and outside the ranges": dhcp({
      ranges: [range],
      hosts: [host("10.9.0.5"), host("10.9.0.150", "52:54:00:00:00:02")],
    }),
    "a range from one end to the other": {
      ipv4: { subnet, hostAddress: "10.9.0.254", dhcp: { ranges: [{ start: "10.9.0.1", end: "10.9.0.253" }] } },
    },
    "VLANs on an Open vSwitch bridge": {
      ...foreign,
      mode: "bridge",
      bridge: "br0",
      virtualPort: "openvswitch",
      portGroups: [{ name: "a", vlans: [5] }],
    },
  })) {
    it(what, () => assert.deepEqual(problemsOf(given), []));
  }
});

describe("a network's rules refuse", () => {
  const cases: readonly (readonly [object, ...string[]])[] = [
    // Modes
    [foreign, 'ipv4: is missing: mode "nat" needs a subnet, such as ipv4: { subnet: "192.168.100.0/24" }'],
    [
      { ...foreign, mode: "open" },
      'ipv4: is missing: mode "open" needs a subnet, such as ipv4: { subnet: "192.168.100.0/24" }',
    ],
    [
      { mode: "isolated", devices: ["eth0"] },
      "devices: can't be set on an isolated network, which reaches no device; remove it or change the mode",
    ],
    [
      { mode: "open", devices: ["eth0"] },
      'devices: can\'t be set with mode "open", where libvirt creates no firewall rules; remove it, or use mode "route"',
    ],
    [{ devices: ["eth0", "eth1"] }, 'devices: has 2 devices, but mode "nat" uses one at most'],
    [
      { virtualPort: "openvswitch" },
      'virtualPort: needs mode "bridge"; with mode "nat" libvirt creates a Linux bridge',
    ],
    [{ mode: "route", nat: {} }, 'nat: needs mode "nat", but the mode is "route"; remove it or change the mode'],
    [{ nat: { ports: { start: 30, end: 20 } } }, "nat.ports.end: 20 comes before the first port 30; swap them"],
    [
      { ...foreign, mode: "bridge" },
      'bridge: is missing: mode "bridge" needs the name of a bridge of the host, or devices',
    ],
    [
      { ...foreign, mode: "bridge", bridge: "br0", devices: ["eth0"] },
      "devices: can't be set together with bridge: guests are either on the host's bridge or on its devices",
    ],
    [{ ...foreign, mode: "vepa" }, 'devices: is empty: mode "vepa" needs the device of the host for the guests'],
    [
      { ...foreign, mode: "private", devices: ["eth0"], bridge: "br0" },
      "devices: can't be set together with bridge: guests are either on the host's bridge or on its devices",
      'bridge: can\'t be set with mode "private", which has devices and no bridge; remove it',
    ],
    [
      { ...foreign, mode: "bridge", devices: ["eth0"], virtualPort: "openvswitch" },
      "virtualPort: needs a bridge; give the name of the Open vSwitch bridge in bridge",
    ],
    [
      { mode: "bridge", bridge: "br0", mtu: 1400, domain: { name: "a.test" }, dns: {}, nat: {} },
      ...["nat", "mtu", "ipv4", "domain", "dns"].map((field) => `${field}: ${decides("bridge")}`),
    ],
    [
      {
        ...foreign,
        mode: "vepa",
        devices: ["eth0"],
        dnsmasqOptions: ["log-dhcp"],
        routes: [{ destination: "10.1.0.0/16", gateway: "10.9.0.2" }],
      },
      ...["routes", "dnsmasqOptions"].map((field) => `${field}: ${decides("vepa")}`),
    ],
    [
      { ...foreign, mode: "isolated", domain: { name: "a.test" }, dns: {}, dnsmasqOptions: ["log-dhcp"] },
      "domain: needs a subnet: without one the host answers nothing; add ipv4 or ipv6",
      "dns: needs a subnet: without one the host answers nothing; add ipv4 or ipv6",
      "dnsmasqOptions: needs a subnet: without one no dnsmasq runs; add ipv4 or ipv6",
    ],
    // Addresses
    [
      { ipv4: { subnet, hostAddress: "10.8.0.1" } },
      "ipv4.hostAddress: 10.8.0.1 is not a host's address in the subnet; choose one from 10.9.0.1 to 10.9.0.254",
    ],
    [
      { ipv6: { subnet: subnet6, hostAddress: "fd00:9::" } },
      "ipv6.hostAddress: fd00:9:: is not a host's address in the subnet; choose one from fd00:9::1 to fd00:9::ffff:ffff:ffff:ffff",
    ],
    [dhcp({}), "ipv4.dhcp: gives no addresses; add ranges or hosts, or remove it"],
    [
      dhcp({ ranges: [{ start: "10.9.0.9", end: "10.9.0.3" }] }),
      "ipv4.dhcp.ranges.0.end: 10.9.0.3 comes before the range's start 10.9.0.9; swap them",
    ],
    [
      dhcp({ ranges: [{ start: "10.9.1.100", end: "10.9.0.255" }] }),
      "ipv4.dhcp.ranges.0.start: 10.9.1.100 is not a host's address in the subnet; choose one from 10.9.0.1 to 10.9.0.254",
      "ipv4.dhcp.ranges.0.end: 10.9.0.255 is not a host's address in the subnet; choose one from 10.9.0.1 to 10.9.0.254",
      "ipv4.dhcp.ranges.0.end: 10.9.0.255 comes before the range's start 10.9.1.100; swap them",
    ],
    [
      dhcp({ ranges: [range, { start: "10.9.0.200", end: "10.9.0.210" }] }),
      "ipv4.dhcp.ranges.1: overlaps ranges[0]; separate them, or combine them",
    ],
    [
      dhcp({ ranges: [{ start: "10.9.0.1", end: "10.9.0.9" }] }),
      "ipv4.dhcp.ranges.0: contains the host's own address 10.9.0.1; exclude it from the range",
    ],
    [
      dhcp({ ranges: [{ ...range, leaseTime: "90s" }] }),
      "ipv4.dhcp.ranges.0.leaseTime: 90s is too short; give 2m or more",
    ],
    [
      dhcp6({ ranges: [{ start: "fd00:9::2", end: "fd00:9::1:2" }] }),
      "ipv6.dhcp.ranges.0.end: fd00:9::1:2 makes the range longer than libvirt allows; end it within 65536 addresses of fd00:9::2",
    ],
    [
      dhcp({ hosts: [host("10.9.0.1")] }),
      "ipv4.dhcp.hosts.0.address: 10.9.0.1 is the host's own address; choose another",
    ],
    [
      dhcp({ hosts: [host("10.10.0.1")] }),
      "ipv4.dhcp.hosts.0.address: 10.10.0.1 is not a host's address in the subnet; choose one from 10.9.0.1 to 10.9.0.254",
    ],
    [
      dhcp({ hosts: [host("10.9.0.5", undefined, "a"), host("10.9.0.5", undefined, "a")] }),
      "ipv4.dhcp.hosts.1.mac: 52:54:00:00:00:01 is already given to hosts[0]; choose another",
      "ipv4.dhcp.hosts.1.address: 10.9.0.5 is already given to hosts[0]; choose another",
      "ipv4.dhcp.hosts.1.name: a is already given to hosts[0]; choose another",
    ],
    [
      dhcp6({ hosts: [host6("fd00:9::5", "a", "00:01"), host6("fd00:9::6", "b", "00:01")] }),
      "ipv6.dhcp.hosts.1.id: 00:01 is already given to hosts[0]; choose another",
    ],
    [
      dhcp6({ hosts: [host6("fd00:8::5", "a")] }),
      "ipv6.dhcp.hosts.0.address: fd00:8::5 is not a host's address in the subnet; choose one from fd00:9::1 to fd00:9::ffff:ffff:ffff:ffff",
    ],
    // Routes
    [
      { routes: [{ destination: "10.1.0.0/16", gateway: "fd00:9::2" }] },
      "routes.0.gateway: fd00:9::2 is of another family than 10.1.0.0/16; give an IPv4 address",
    ],
    [
      { routes: [{ destination: "10.1.0.0/16", gateway: "10.8.0.2" }] },
      "routes.0.gateway: 10.8.0.2 is not in the network's own IPv4 subnet; give the address of a guest",
    ],
    [
      { routes: [{ destination: "fd00:1::/64", gateway: "fd00:9::2" }] },
      "routes.0.gateway: fd00:9::2 is not in the network's own IPv6 subnet; give the address of a guest",
    ],
    // DNS
    [{ dns: { forwarders: [{}] } }, "dns.forwarders.0: is empty; give an address, a domain or both"],
    [
      {
        dns: {
          hosts: [
            { address: "10.9.0.5", names: ["a"] },
            { address: "10.9.0.5", names: ["b"] },
          ],
        },
      },
      "dns.hosts.1.address: 10.9.0.5 is already hosts[0]; give all its names there",
    ],
    [
      {
        dns: {
          txt: [
            { name: "a", value: "1" },
            { name: "a", value: "2" },
          ],
        },
      },
      'dns.txt.1.name: "a" is already txt[0]; libvirt allows one per name',
    ],
    [
      { dns: { srv: [{ service: "ldap", protocol: "tcp", port: 5 }] } },
      "dns.srv.0.port: needs a target: without one the domain does not offer the service",
      "dns.srv.0.domain: is missing, and the network has no domain; give one",
    ],
    [
      { domain: { name: "a.test" }, dns: { srv: [1, 2].map(() => ({ service: "ldap", protocol: "tcp" })) } },
      "dns.srv.1: is already srv[0]; give each once",
    ],
    // Port groups
    [
      {
        portGroups: [
          { name: "a", default: true },
          { name: "a", default: true },
        ],
      },
      'portGroups.1.name: "a" is already portGroups[0]; choose another',
      "portGroups.1.default: portGroups[0] is already the default, and there can be only one",
    ],
    [
      { portGroups: [{ name: "a", vlans: [5] }] },
      'portGroups.0.vlans: need mode "passthrough", or mode "bridge" with virtualPort "openvswitch": in other modes libvirt tags no frames',
    ],
  ];
  for (const [given, ...expected] of cases) {
    it(expected[0] ?? "", () => assert.deepEqual(problemsOf(given), expected));
  }
});
