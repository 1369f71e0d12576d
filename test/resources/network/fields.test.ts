import { network } from "../../../provider/resources/network/handler";
import { networkInputs, networkOutputs } from "../../../provider/resources/network/schema";
import { site } from "../../site";
import { fieldCases } from "../fields";

const { connection } = site();
const ranges = [{ start: "10.61.0.100", end: "10.61.0.200" }];
const subnet = "10.61.0.0/24";
const ipv4 = { subnet };
const six = { subnet: "fd00:61::/64" };
const range6 = { start: "fd00:61::100", end: "fd00:61::1ff" };
const host = { mac: "52:54:00:61:00:01", address: "10.61.0.5" };
const host6 = { name: "five", address: "fd00:61::5" };
const srv = { service: "ldap", protocol: "tcp", domain: "fields.test", target: "a.fields.test" };
const route = { destination: "10.62.0.0/24", gateway: "10.61.0.9" };
const hostBridge = { mode: "bridge", bridge: "kd-fields-br", ipv4: undefined };
const group = { name: "office" };

fieldCases({
  handler: network,
  schema: networkInputs,
  outputs: networkOutputs,
  name: "Network",
  base: { connection, name: "fields-net", mode: "isolated", ipv4 },
  cases: {
    mode: { set: { mode: "route" } },
    "mode, to a bridge of the host's": { set: hostBridge },
    devices: { unset: { mode: "route" }, set: { mode: "route", devices: ["lo"] } },
    bridge: { set: { bridge: "kd-fields" }, unread: "the bridge keeps its name, whoever chose it" },
    virtualPort: { unset: hostBridge, set: { ...hostBridge, virtualPort: "openvswitch" } },
    "nat.ports": {
      unset: { mode: "nat", nat: {} },
      set: { mode: "nat", nat: { ports: { start: 20000, end: 30000 } } },
    },
    "nat.ports' bounds": {
      unset: { mode: "nat", nat: { ports: { start: 20000, end: 30000 } } },
      set: { mode: "nat", nat: { ports: { start: 20001, end: 30001 } } },
    },
    "nat.ipv6": { unset: { mode: "nat", ipv6: six, nat: {} }, set: { mode: "nat", ipv6: six, nat: { ipv6: true } } },
    nat: { unset: { mode: "nat" }, set: { mode: "nat", nat: { ports: { start: 20000, end: 30000 } } } },
    mtu: { set: { mtu: 1400 } },
    "ipv4.subnet": { set: { ipv4: { subnet: "10.61.1.0/24" } } },
    "ipv4.hostAddress": { set: { ipv4: { ...ipv4, hostAddress: "10.61.0.254" } } },
    "ipv4.dhcp": { set: { ipv4: { ...ipv4, dhcp: { ranges, hosts: [host] } } } },
    "ipv4.dhcp.ranges": {
      unset: { ipv4: { ...ipv4, dhcp: { hosts: [host] } } },
      set: { ipv4: { ...ipv4, dhcp: { ranges, hosts: [host] } } },
    },
    "ipv4.dhcp.ranges' bounds": {
      unset: { ipv4: { ...ipv4, dhcp: { ranges } } },
      set: { ipv4: { ...ipv4, dhcp: { ranges: [{ start: "10.61.0.50", end: "10.61.0.60", leaseTime: "1h" }] } } },
    },
    "ipv4.dhcp.hosts": {
      unset: { ipv4: { ...ipv4, dhcp: { ranges } } },
      set: { ipv4: { ...ipv4, dhcp: { ranges, hosts: [host] } } },
    },
    "ipv4.dhcp.hosts' fields": {
      unset: { ipv4: { ...ipv4, dhcp: { ranges, hosts: [host] } } },
      set: {
        ipv4: { ...ipv4, dhcp: { ranges, hosts: [{ mac: "52:54:00:61:00:02", address: "10.61.0.6", name: "six" }] } },
      },
    },
    "ipv6.subnet": { unset: { ipv6: six }, set: { ipv6: { subnet: "fd00:62::/64" } } },
    ipv6: { set: { ipv6: six } },
    "ipv4, with IPv6 in addition": { unset: { ipv4: undefined, ipv6: six }, set: { ipv4, ipv6: six } },
    "ipv6.hostAddress": { unset: { ipv6: six }, set: { ipv6: { ...six, hostAddress: "fd00:61::fe" } } },
    "ipv6.dhcp": {
      unset: { ipv6: six },
      set: { ipv6: { ...six, dhcp: { ranges: [range6], hosts: [host6] } } },
    },
    "ipv6.dhcp.ranges": {
      unset: { ipv6: { ...six, dhcp: { hosts: [host6] } } },
      set: { ipv6: { ...six, dhcp: { ranges: [range6], hosts: [host6] } } },
    },
    "ipv6.dhcp.ranges' bounds": {
      unset: { ipv6: { ...six, dhcp: { ranges: [range6] } } },
      set: {
        ipv6: { ...six, dhcp: { ranges: [{ start: "fd00:61::200", end: "fd00:61::2ff", leaseTime: "90m" }] } },
      },
    },
    "ipv6.dhcp.hosts": {
      unset: { ipv6: { ...six, dhcp: { ranges: [range6] } } },
      set: { ipv6: { ...six, dhcp: { ranges: [range6], hosts: [host6] } } },
    },
    "ipv6.dhcp.hosts' fields": {
      unset: { ipv6: { ...six, dhcp: { hosts: [host6] } } },
      set: {
        ipv6: {
          ...six,
          dhcp: { hosts: [{ name: "six", address: "fd00:61::6", id: "00:03:00:01:52:54:00:61:00:06" }] },
        },
      },
    },
    routes: { set: { routes: [route] } },
    "routes' fields": {
      unset: { routes: [route] },
      set: { routes: [{ destination: "10.63.0.0/16", gateway: "10.61.0.10", metric: 3 }] },
    },
    domain: { set: { domain: { name: "fields.test" } } },
    "domain's fields": {
      unset: { domain: { name: "fields.test" } },
      set: { domain: { name: "other.test", localOnly: false } },
    },
    dns: { set: { dns: { txt: [{ name: "a.fields.test", value: "text" }] } } },
    "dns.enabled": { unset: { dns: {} }, set: { dns: { enabled: false } } },
    "dns.forwardPlainNames": { unset: { dns: {} }, set: { dns: { forwardPlainNames: false } } },
    "dns.forwarders": { unset: { dns: {} }, set: { dns: { forwarders: [{ address: "192.0.2.53" }] } } },
    "dns.forwarders' fields": {
      unset: { dns: { forwarders: [{ address: "192.0.2.53" }] } },
      set: { dns: { forwarders: [{ address: "2001:db8::53", domain: "fields.test" }] } },
    },
    "dns.hosts": {
      unset: { dns: {} },
      set: { dns: { hosts: [{ address: "10.61.0.5", names: ["a.fields.test"] }] } },
    },
    "dns.hosts' fields": {
      unset: { dns: { hosts: [{ address: "10.61.0.5", names: ["a.fields.test"] }] } },
      set: { dns: { hosts: [{ address: "fd00:61::5", names: ["b.fields.test", "c.fields.test"] }] } },
    },
    "dns.txt": {
      unset: { dns: { txt: [{ name: "a.fields.test", value: "one" }] } },
      set: { dns: { txt: [{ name: "b.fields.test", value: "the other" }] } },
    },
    "dns.srv": { unset: { dns: {} }, set: { dns: { srv: [srv] } } },
    "dns.srv's fields": {
      unset: { dns: { srv: [srv] } },
      set: {
        dns: {
          srv: [
            {
              service: "sip",
              protocol: "udp",
              domain: "other.test",
              target: "b.fields.test",
              port: 5060,
              priority: 1,
              weight: 2,
            },
          ],
        },
      },
    },
    "dns.srv's host": {
      unset: { dns: { srv: [{ service: "ldap", protocol: "tcp" }] }, domain: { name: "fields.test" } },
      set: { dns: { srv: [srv] }, domain: { name: "fields.test" } },
    },
    portGroups: { set: { portGroups: [group] } },
    "portGroups' fields": {
      unset: { ...hostBridge, virtualPort: "openvswitch", portGroups: [group] },
      set: { ...hostBridge, virtualPort: "openvswitch", portGroups: [{ name: "trunk", default: true, vlans: [1, 2] }] },
    },
    dnsmasqOptions: { set: { dnsmasqOptions: ["log-dhcp", "log-queries"] } },
    autostart: { set: { autostart: false } },
    running: { set: { running: false } },
    adopt: { set: { adopt: true }, unread: "it says what create may do" },
    shared: { set: { shared: true }, unread: "it says who else may have it" },
    deleteAdopted: { set: { deleteAdopted: true }, unread: "it says what delete may do" },
    allowRestart: { set: { allowRestart: true }, unread: "it says what an update may do" },
  },
  without: {
    "Network.connection": "another host is another network; it is replaced",
    "Network.name": "another name is another network; it is replaced",
  },
});
