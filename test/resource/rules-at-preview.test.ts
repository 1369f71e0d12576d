import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { systemOptions } from "../../provider/install/shared/system";
import { checkInputs, formatPath, type InputSchema } from "../../provider/resource/check";
import type { Properties } from "../../provider/resource/handler";
import { keysAt } from "../../provider/resource/issues";
import { installerIsoInputs } from "../../provider/resources/installer-iso/schema";
import { machineInputs } from "../../provider/resources/machine/schema";
import { networkInputs } from "../../provider/resources/network/schema";
import { storagePoolInputs } from "../../provider/resources/storage-pool/schema";
import { volumeInputs } from "../../provider/resources/volume/schema";
import { loadResources } from "../../tools/generate/resources";
import { root } from "../site";
import { type Place, placesIn, samplesOf, withUnknown } from "./unknown-places";

/** What breaks a rule, how the failure begins, and the values that it depends on: `*` is a further item of a list. */
type Case = readonly [given: Properties, failure: string, needs: string];

const subnet = "10.9.0.0/24";
const dhcp = (given: Properties) => ({ ipv4: { subnet, dhcp: given } });
const nobody = { start: "10.9.0.200", end: "10.9.0.210" };
const host = (last: number, mac: number, name?: string) => ({
  address: `10.9.0.${last}`,
  mac: `52:54:00:00:00:0${mac}`,
  name,
});
const noIp = { ipv4: undefined };
const foreign = {
  ...{
    mode: "bridge",
    bridge: "br0",
    mtu: 1400,
    domain: { name: "a.test" },
    dns: { enabled: true },
    nat: { ipv6: true },
  },
  ...{ routes: [{ destination: "10.1.0.0/16", gateway: "10.9.0.2" }], dnsmasqOptions: ["log-dhcp"] },
};
const isolated = {
  ...{ ipv4: undefined, mode: "isolated", domain: { name: "a.test" }, dns: { enabled: true } },
  dnsmasqOptions: ["log-dhcp"],
};
const srv = { service: "ldap", protocol: "tcp" };
const other = { service: "http", protocol: "tcp" };

const networks: readonly Case[] = [
  [noIp, "ipv4: is missing", "mode ipv4 ipv6"],
  [{ mode: "isolated", devices: ["eth0"] }, "devices: can't be set on an isolated", "mode devices"],
  [{ mode: "open", devices: ["eth0"] }, 'devices: can\'t be set with mode "open"', "mode devices"],
  [{ devices: ["eth0", "eth1"] }, "devices: has ", "mode devices"],
  [{ virtualPort: "openvswitch" }, 'virtualPort: needs mode "bridge"', "mode virtualPort"],
  [{ mode: "route", nat: { ipv6: true } }, 'nat: needs mode "nat"', "mode nat"],
  [{ nat: { ports: { start: 30, end: 20 } } }, "nat.ports.end: 20 comes", "mode nat.ports.start nat.ports.end"],
  [isolated, "domain: needs a subnet", "mode ipv4 ipv6 domain"],
  [isolated, "dns: needs a subnet", "mode ipv4 ipv6 dns"],
  [isolated, "dnsmasqOptions: needs a subnet", "mode ipv4 ipv6 dnsmasqOptions"],
  [{ ...noIp, mode: "bridge", devices: [] }, "bridge: is missing", "mode bridge devices devices.*"],
  [
    { ...noIp, mode: "bridge", bridge: "b", devices: ["e"] },
    "devices: can't be set together with",
    "mode bridge devices",
  ],
  [{ ...noIp, mode: "vepa", devices: [] }, "devices: is empty", "mode devices devices.*"],
  [{ ...noIp, mode: "private", devices: ["e"], bridge: "b" }, "bridge: can't be set with mode", "mode bridge"],
  [
    { ...noIp, mode: "bridge", devices: ["e"], virtualPort: "openvswitch" },
    "virtualPort: needs a bridge",
    "mode bridge virtualPort",
  ],
  ...["ipv4", "mtu", "domain", "dns", "nat", "routes", "dnsmasqOptions"].map((field): Case => [
    foreign,
    `${field}: can't be set with mode`,
    `mode ${field}`,
  ]),
  [{ ipv4: { subnet, hostAddress: "10.8.0.1" } }, "ipv4.hostAddress: 10.8.0.1 is not", "ipv4.subnet ipv4.hostAddress"],
  [
    dhcp({ ranges: [], hosts: [] }),
    "ipv4.dhcp: gives no addresses",
    "ipv4.dhcp.ranges ipv4.dhcp.ranges.* ipv4.dhcp.hosts ipv4.dhcp.hosts.*",
  ],
  [
    dhcp({ ranges: [nobody, { start: "10.9.0.9", end: "10.9.0.3" }] }),
    "ipv4.dhcp.ranges[1].end: 10.9.0.3 comes",
    "ipv4.dhcp.ranges.1.start ipv4.dhcp.ranges.1.end",
  ],
  [
    dhcp({ ranges: [nobody, { start: "10.8.0.9", end: "10.8.0.20" }] }),
    "ipv4.dhcp.ranges[1].start: 10.8.0.9 is not",
    "ipv4.subnet ipv4.dhcp.ranges.1.start",
  ],
  [
    dhcp({ ranges: [nobody, { start: "10.9.0.9", end: "10.9.1.20" }] }),
    "ipv4.dhcp.ranges[1].end: 10.9.1.20 is not",
    "ipv4.subnet ipv4.dhcp.ranges.1.end",
  ],
  [
    dhcp({ ranges: [{ start: "10.9.0.9", end: "10.9.0.20" }, nobody, { start: "10.9.0.20", end: "10.9.0.30" }] }),
    "ipv4.dhcp.ranges[2]: overlaps ranges[0]",
    ["0.start", "0.end", "2.start", "2.end"].map((key) => `ipv4.dhcp.ranges.${key}`).join(" "),
  ],
  [
    dhcp({ ranges: [nobody, { start: "10.9.0.1", end: "10.9.0.9" }] }),
    "ipv4.dhcp.ranges[1]: contains",
    "ipv4.subnet ipv4.hostAddress ipv4.dhcp.ranges.1.start ipv4.dhcp.ranges.1.end",
  ],
  [
    { ipv4: { subnet, hostAddress: "10.9.0.5", dhcp: { ranges: [nobody, { start: "10.9.0.2", end: "10.9.0.9" }] } } },
    "ipv4.dhcp.ranges[1]: contains",
    "ipv4.hostAddress ipv4.dhcp.ranges.1.start ipv4.dhcp.ranges.1.end",
  ],
  [
    dhcp({ ranges: [nobody, { start: "10.9.0.2", end: "10.9.0.9", leaseTime: "90s" }] }),
    "ipv4.dhcp.ranges[1].leaseTime: 90s is too short",
    "ipv4.dhcp.ranges.1.leaseTime",
  ],
  [
    { ipv6: { subnet: "fd00:9::/64", dhcp: { ranges: [{ start: "fd00:9::2", end: "fd00:9::1:2" }] } } },
    "ipv6.dhcp.ranges[0].end: fd00:9::1:2 makes",
    "ipv6.dhcp.ranges.0.start ipv6.dhcp.ranges.0.end",
  ],
  [
    dhcp({ hosts: [host(9, 1), host(1, 2)] }),
    "ipv4.dhcp.hosts[1].address: 10.9.0.1 is the host's own",
    "ipv4.subnet ipv4.hostAddress ipv4.dhcp.hosts.1.address",
  ],
  [
    dhcp({ hosts: [host(9, 1), { ...host(1, 2), address: "10.8.0.2" }] }),
    "ipv4.dhcp.hosts[1].address: 10.8.0.2 is not",
    "ipv4.subnet ipv4.dhcp.hosts.1.address",
  ],
  ...["mac", "address", "name"].map((field): Case => [
    dhcp({ hosts: [host(9, 1, "a"), host(8, 2, "b"), host(9, 1, "a")] }),
    `ipv4.dhcp.hosts[2].${field}: `,
    `ipv4.dhcp.hosts.0.${field} ipv4.dhcp.hosts.2.${field}`,
  ]),
  [
    { routes: [{ destination: "10.1.0.0/16", gateway: "fd00:9::2" }] },
    "routes[0].gateway: fd00:9::2 is of another family",
    "mode routes.0.destination routes.0.gateway",
  ],
  [
    { routes: [{ destination: "10.1.0.0/16", gateway: "10.8.0.2" }] },
    "routes[0].gateway: 10.8.0.2 is not in",
    "mode ipv4.subnet routes.0.destination routes.0.gateway",
  ],
  [
    { dns: { forwarders: [{ domain: "a.test" }, {}] } },
    "dns.forwarders[1]: is empty",
    "dns.forwarders.1.address dns.forwarders.1.domain",
  ],
  [
    { dns: { hosts: [5, 6, 5].map((last) => ({ address: `10.9.0.${last}`, names: [`n${last}`] })) } },
    "dns.hosts[2].address: 10.9.0.5 is already hosts[0]",
    "dns.hosts.0.address dns.hosts.2.address",
  ],
  [
    { dns: { txt: ["a", "b", "a"].map((name) => ({ name, value: "1" })) } },
    'dns.txt[2].name: "a" is already txt[0]',
    "dns.txt.0.name dns.txt.2.name",
  ],
  [
    { domain: { name: "a.test" }, dns: { srv: [srv, other, srv] } },
    "dns.srv[2]: is already srv[0]",
    [0, 2]
      .flatMap((index) => ["service", "protocol", "domain", "target"].map((key) => `dns.srv.${index}.${key}`))
      .join(" "),
  ],
  ...["port", "priority", "weight"].map((field): Case => [
    { domain: { name: "a.test" }, dns: { srv: [other, { ...srv, port: 1, priority: 2, weight: 3 }] } },
    `dns.srv[1].${field}: needs a target`,
    `dns.srv.1.target dns.srv.1.${field}`,
  ]),
  [{ dns: { srv: [srv] } }, "dns.srv[0].domain: is missing", "domain dns.srv.0.domain"],
  [
    { portGroups: ["a", "b", "a"].map((name) => ({ name })) },
    'portGroups[2].name: "a" is already portGroups[0]',
    "portGroups.0.name portGroups.2.name",
  ],
  [
    { portGroups: ["a", "b", "c"].map((name) => ({ name, default: name !== "b" })) },
    "portGroups[2].default: portGroups[0] is",
    "portGroups.0.default portGroups.2.default",
  ],
  [
    { portGroups: [{ name: "a" }, { name: "b", vlans: [5] }] },
    "portGroups[1].vlans: need mode",
    "mode virtualPort portGroups.1.vlans",
  ],
];

const limits = { totalBytes: 1, readBytes: 1, writeBytes: 1, totalRequests: 1, readRequests: 1 };
const shared = { memoryBacking: { shared: true } };
const folder = (target: string, given = {}) => ({ source: "/a", target, driver: "9p", ...given });
const plugged = (...nics: readonly Properties[]) => ({ nics: [{ network: "a" }, ...nics] });
const stored = (...disks: readonly Properties[]) => ({ disks: [{ volume: "p/a" }, ...disks] });
const bootable = {
  ...stored({ volume: "p/b", bootOrder: 2 }),
  cdroms: [{ bootOrder: 1 }],
  ...plugged({ network: "b", bootOrder: 2 }),
};

const machines: readonly Case[] = [
  [{ xml: {} }, "xml: must have either", "xml.overlay xml.template"],
  [{ xml: { overlay: "<domain/>", template: "t" } }, "xml: must have either", "xml.overlay xml.template"],
  [{ xml: { overlay: "<domain/>", table: "t" } }, "xml.table: belongs to a template", "xml.template xml.table"],
  [{ vcpus: 4, maxVcpus: 2 }, "maxVcpus: 2 is less", "vcpus maxVcpus"],
  [
    { vcpus: 2, maxVcpus: 4, cpu: { topology: { cores: 2 } } },
    "cpu.topology: gives 2 CPUs",
    ["maxVcpus", ...["sockets", "dies", "cores", "threads"].map((key) => `cpu.topology.${key}`)].join(" "),
  ],
  [
    { vcpus: 4, cpu: { topology: { cores: 2, sockets: 1, dies: 1, threads: 1 } } },
    "cpu.topology: gives 2 CPUs",
    ["vcpus", "maxVcpus", ...["sockets", "dies", "cores", "threads"].map((key) => `cpu.topology.${key}`)].join(" "),
  ],
  [{ cpu: { mode: "custom" } }, "cpu.model: is missing", "cpu.mode cpu.model"],
  [{ cpu: { model: "Nehalem" } }, "cpu.model: can only be set", "cpu.mode cpu.model"],
  [{ maxMemory: "512MiB" }, "maxMemory: 512MiB is less", "memory maxMemory"],
  [{ secureBoot: true }, "secureBoot: needs", "secureBoot firmware"],
  [{ numa: { mode: "strict" } }, "numa.mode: needs hostNodes", "numa.mode numa.hostNodes"],
  [
    { numa: { cells: [{ cpus: "0", memory: "512MiB" }] } },
    "numa.cells: have 512MiB",
    "memory maxMemory numa.cells.0.memory numa.cells.*",
  ],
  [
    { maxMemory: "2GiB", numa: { cells: [{ cpus: "0", memory: "1GiB" }] } },
    "numa.cells: have 1GiB",
    "maxMemory numa.cells.0.memory numa.cells.*",
  ],
  [
    { vcpus: 2, numa: { cells: [{ cpus: "0,2", memory: "1GiB" }] } },
    "numa.cells: must have each",
    "vcpus maxVcpus numa.cells.0.cpus numa.cells.*",
  ],
  [
    stored({ volume: "p/b" }, { volume: "p/a" }),
    "disks[2].volume: p/a is already disks[0]",
    "disks.0.volume disks.2.volume",
  ],
  [stored({ file: "/a" }, { file: "/a" }), "disks[2].file: /a is already disks[1]", "disks.1.file disks.2.file"],
  [stored({}), "disks[1].volume: is missing", "disks.1.volume disks.1.file"],
  [stored({ volume: "p/b", file: "/b" }), "disks[1].file: can't be set together with", "disks.1.volume disks.1.file"],
  [stored({ volume: "p/b", io: "native" }), 'disks[1].io: "native" needs', "disks.1.io disks.1.cache"],
  [
    stored({ volume: "p/b", iotune: {} }),
    "disks[1].iotune: limits nothing",
    Object.keys(limits)
      .concat("writeRequests")
      .map((key) => `disks.1.iotune.${key}`)
      .join(" "),
  ],
  [stored({ volume: "p/b", iotune: limits }), "disks[1].iotune.totalBytes: can't be set", "disks.1.iotune.totalBytes"],
  [
    stored({ volume: "p/b", iotune: limits }),
    "disks[1].iotune.totalRequests: can't be set",
    "disks.1.iotune.totalRequests disks.1.iotune.readRequests",
  ],
  [bootable, "nics[1].bootOrder: 2 is already the place of disks[1]", "disks.1.bootOrder nics.1.bootOrder"],
  [plugged({}), "nics[1].network: is missing", "nics.1.network nics.1.bridge nics.1.device"],
  [
    plugged({ network: "b", bridge: "b" }),
    "nics[1].bridge: can't be set together with network",
    "nics.1.network nics.1.bridge",
  ],
  [plugged({ bridge: "b", portgroup: "p" }), "nics[1].portgroup: needs a network", "nics.1.network nics.1.portgroup"],
  [plugged({ network: "b", mode: "vepa" }), "nics[1].mode: says how", "nics.1.mode nics.1.device"],
  [plugged({ network: "b", queues: 2, model: "e1000" }), "nics[1].queues: can only", "nics.1.queues nics.1.model"],
  [plugged({ network: "b", mac: "01:00:5e:00:00:01" }), "nics[1].mac: 01:00:5e:00:00:01 is", "nics.1.mac"],
  [
    plugged({ network: "b", bandwidth: {} }),
    "nics[1].bandwidth: limits nothing",
    "nics.1.bandwidth.inbound nics.1.bandwidth.outbound",
  ],
  ...[
    ["address", "10.9.0.5", "10.9.0.6"],
    ["mac", "52:54:00:00:00:01", "52:54:00:00:00:02"],
  ].map(([field = "", one = "", two = ""]): Case => [
    { nics: [one, two, one].map((value, index) => ({ network: `n${index}`, [field]: value })) },
    `nics[2].${field}: ${one} is already given to nics[0]`,
    `nics.0.${field} nics.2.${field}`,
  ]),
  [
    { graphics: { type: "vnc", password: "123456789" } },
    "graphics.password: is longer",
    "graphics.type graphics.password",
  ],
  [{ graphics: { type: "vnc" }, video: "qxl" }, 'video: "qxl" is for', "graphics.type video"],
  [
    { filesystems: ["a", "b", "a"].map((target) => folder(target)) },
    "filesystems[2].target: a is already filesystems[0]",
    "filesystems.0.target filesystems.2.target",
  ],
  [
    { memoryBacking: {}, filesystems: [folder("a"), folder("b", { driver: "virtiofs" })] },
    'filesystems[1].driver: "virtiofs" needs',
    "memoryBacking.shared filesystems.1.driver",
  ],
  [
    { ...shared, filesystems: [folder("a"), folder("b", { driver: "virtiofs", readOnly: true })] },
    "filesystems[1].readOnly: needs",
    "filesystems.1.driver filesystems.1.readOnly",
  ],
  [
    { ...shared, filesystems: [folder("a"), folder("b", { driver: "virtiofs", accessMode: "mapped" })] },
    'filesystems[1].accessMode: "mapped" needs',
    "filesystems.1.driver filesystems.1.accessMode",
  ],
  [{ hostDevices: [{ usb: "046d:c52b" }, {}] }, "hostDevices[1]: must have", "hostDevices.1.pci hostDevices.1.usb"],
  [
    { hostDevices: ["046d:c52b", "046d:c52c", "046d:c52b"].map((usb) => ({ usb })) },
    "hostDevices[2].usb: 046d:c52b is",
    "hostDevices.0.usb hostDevices.2.usb",
  ],
  [{ clock: { timezone: "Europe/Berlin" } }, "clock.timezone: belongs", "clock.offset clock.timezone"],
  [
    { clock: { timers: ["rtc", "pit", "rtc"].map((name) => ({ name })) } },
    "clock.timers[2].name: rtc is already timers[0]",
    "clock.timers.0.name clock.timers.2.name",
  ],
  [
    { consoles: ["serial", "virtio", "serial", "serial"] },
    "consoles: have too many",
    "consoles.0 consoles.2 consoles.3",
  ],
  [{ disks: [], installer: "/i.iso" }, "disks: is empty", "installer disks disks.*"],
  [{ nics: [], wait: "ssh" }, 'wait: "ssh" needs a network', "wait nics nics.*"],
  [{ running: false, wait: "ssh" }, 'wait: "ssh" needs a running machine', "wait running"],
];

const sha256 = "a".repeat(64);
const url = "https://a.test/d.qcow2";
const volumes: readonly Case[] = [
  [{ source: {} }, "source: must have one", "source.volume source.path source.url"],
  [{ source: { volume: "p/a", path: "/a" } }, "source: must have one", "source.volume source.path"],
  [{ source: { url } }, "source.sha256: is missing", "source.url source.sha256"],
  [{ source: { volume: "p/a", sha256 } }, "source.sha256: is not for a volume", "source.volume source.sha256"],
  [{ source: { path: "/a", format: "raw" } }, "source.format: is for a volume", "source.volume source.format"],
  [{ backing: {} }, "backing: must have either", "backing.volume backing.path"],
  [{ backing: { path: "/a" }, format: "raw" }, 'format: "raw" can\'t be based', "backing format"],
  [{ backing: { path: "/a" }, source: { path: "/b" } }, "backing: can't be set together", "backing source"],
  [{ size: undefined }, "size: is missing", "size source"],
  [{ preallocate: true, source: { path: "/b" } }, "preallocate: is for volumes", "preallocate source"],
  [{ preallocate: true, backing: { path: "/b" } }, "preallocate: is for volumes", "preallocate backing"],
];

const types = ["fs", "netfs", "logical", "iscsi", "rbd", "zfs"];
const logical = { volumeGroup: "g" };
const zfs = { dataset: "d" };
const pools: readonly Case[] = [
  [{ logical, zfs }, "zfs: can't be set together with logical", "logical zfs"],
  [{}, "path: is missing", `path ${types.join(" ")}`],
  [{ fs: { device: "/dev/vda" } }, "path: is missing", "path fs"],
  [{ path: "/a", logical }, "path: is not for logical", "path fs netfs logical"],
];

const isos: readonly Case[] = [
  [{ source: { sha256 } }, "source: must have either", "source.path source.url"],
  [{ source: { path: "/a", url, sha256 } }, "source: must have either", "source.path source.url"],
  [{ source: "debian:13", ubuntu: {}, suse: {} }, "suse: can't be given with `ubuntu`", "ubuntu suse"],
];

const nic = { name: "enp1s0", addresses: ["172.16.1.10/24"], gateway: "172.16.1.1" };
const nics = (...interfaces: readonly Properties[]) => ({ network: { interfaces: [nic, ...interfaces] } });
const second = (...keys: readonly string[]) => keys.map((key) => `network.interfaces.1.${key}`).join(" ");
const bond = { interfaces: ["a", "b"] };
const vlan = { id: 5, link: "enp1s0" };
const lan = { name: "lan", addresses: ["10.1.0.2/16", "172.16.2.10/24"] };
const systems: readonly Case[] = [
  [{ users: [{ name: "ann" }, { name: "root" }] }, "users[1].name: root is there already", "users.1.name"],
  [
    { users: ["ann", "bob", "ann"].map((name) => ({ name })) },
    'users[2].name: "ann" is users[0]',
    "users.0.name users.2.name",
  ],
  [
    { disk: { devices: ["/dev/vda"], layout: "raid1" } },
    "disk.devices: has 1",
    "disk.devices disk.devices.* disk.layout",
  ],
  [
    { disk: { devices: ["/dev/vda", "/dev/vda"], layout: "raid1" } },
    "disk.devices: names a disk twice",
    "disk.devices.0 disk.devices.1 disk.devices.*",
  ],
  [{ disk: { layout: "encrypted" } }, "disk.passphrase: is missing", "disk.layout disk.passphrase"],
  [
    { disk: { layout: "lvm", passphrase: "secret secret" } },
    "disk.passphrase: is of no use",
    "disk.layout disk.passphrase",
  ],
  [nics({ bond }), "network.interfaces[1].name: is missing: a VLAN", second("name", "bond")],
  [nics({ name: "v", bond, vlan }), "network.interfaces[1].bond: can't be given", second("vlan", "bond")],
  [
    nics({ name: "v", vlan, mac: "52:54:00:00:00:01" }),
    "network.interfaces[1].mac: can't be given",
    second("vlan", "mac"),
  ],
  [nics({}), "network.interfaces[1].name: is missing: only", second("name", "mac", "vlan", "bond", "bridge")],
  [
    nics({ name: "b" }, { name: "enp1s0" }),
    'network.interfaces[2].name: "enp1s0" is interfaces[0]',
    "network.interfaces.0.name network.interfaces.2.name",
  ],
  [
    nics({ name: "b", addresses: ["10.1.0.2/16", "172.16.1.255/24"] }),
    "network.interfaces[1].addresses[1]: 172.16.1.255/24 is",
    second("addresses.1"),
  ],
  [
    nics({ ...lan, gateway6: "2001:db8::1" }),
    "network.interfaces[1].gateway6: can't be given",
    second("gateway6", "addresses.0", "addresses.1", "addresses.*"),
  ],
  [
    nics({ name: "lan", addresses: ["2001:db8::2/64"], gateway: "10.1.0.1" }),
    "network.interfaces[1].gateway: can't be given",
    second("gateway", "addresses.0", "addresses.*"),
  ],
  [
    nics({ ...lan, gateway: "10.2.0.1" }),
    "network.interfaces[1].gateway: 10.2.0.1 is in the subnet of none",
    second("gateway", "addresses.0", "addresses.1", "addresses.*"),
  ],
  [
    nics({ ...lan, gateway: "10.1.0.2" }),
    "network.interfaces[1].gateway: 10.1.0.2 can't be",
    second("gateway", "addresses.0"),
  ],
  [
    nics({ name: "v", vlan: { id: 5, link: "v" } }),
    "network.interfaces[1].vlan: has itself",
    second("name", "vlan.link"),
  ],
  [
    nics({ name: "b", bond: { interfaces: ["a", "b"] } }),
    "network.interfaces[1].bond: has itself",
    second("name", "bond.interfaces.1"),
  ],
  [
    nics({ name: "b", bond: { interfaces: ["a", "enp1s0"] } }),
    'network.interfaces[1].bond: takes "enp1s0"',
    `network.interfaces.0.name network.interfaces.0.addresses ${second("name", "bond.interfaces.1")}`,
  ],
];

const tables: Readonly<Record<string, readonly [InputSchema<never>, Properties, readonly Case[]]>> = {
  Network: [networkInputs as never, { name: "n", ipv4: { subnet } }, networks],
  Machine: [machineInputs as never, { name: "m", memory: "1GiB", ...stored(), ...plugged() }, machines],
  Volume: [volumeInputs as never, { name: "v", size: "1GiB" }, volumes],
  StoragePool: [storagePoolInputs as never, { name: "p" }, pools],
  InstallerIso: [installerIsoInputs as never, { name: "i" }, isos],
  "InstallerIso.system": [systemOptions as never, {}, systems],
};

function failuresOf(schema: InputSchema<never>, inputs: unknown): string[] {
  return checkInputs(schema, inputs as Properties).failures.map(({ property, reason }) => `${property}: ${reason}`);
}

/** Every place that a value has or could have: each key that the schema knows there, and a further item of each list. */
function allPlaces(schema: InputSchema<never>, inputs: Properties): Place[] {
  return placesIn(inputs, (place, value) => {
    if (Array.isArray(value)) return ["*"];
    return typeof value === "object" || place.length === 0 ? keysAt(schema, place) : [];
  });
}

/** Whether what is unknown in the place is, or holds, what the failure depends on. */
function decides(place: Place, needs: string): boolean {
  return needs.split(" ").some((need) => `${need}.`.startsWith(`${place.join(".")}.`));
}

for (const [name, [schema, base, cases]] of Object.entries(tables)) {
  describe(`at preview, a failure of ${name} is reported unless what it depends on is unknown`, () => {
    for (const [given, failure, needs] of cases) {
      it(failure, () => {
        const inputs = { ...base, ...given };
        const known = failuresOf(schema, inputs);
        assert.ok(
          known.some((each) => each.startsWith(failure)),
          known.join("\n"),
        );
        const places = allPlaces(schema, inputs);
        const absent = needs.split(" ").filter((need) => !places.some((place) => place.join(".") === need));
        for (const place of [...places, ...absent.map((need) => need.split("."))]) {
          const seen = failuresOf(schema, withUnknown(inputs, place));
          const where = `with ${formatPath(place)} unknown: ${seen.join("\n")}`;
          assert.equal(
            seen.some((each) => each.startsWith(failure)),
            !decides(place, needs),
            where,
          );
          const made = seen.filter((each) => !known.some((one) => one.split(": ")[0] === each.split(": ")[0]));
          assert.deepEqual(made, [], where);
        }
      });
    }
  });
}

describe("at preview, nothing is reported of inputs that are right", () => {
  it("whatever of them is unknown", async () => {
    let count = 0;
    for (const resource of await loadResources(root)) {
      const schema = resource.schema as InputSchema<never>;
      for (const sample of samplesOf(resource, "qemu:///system"))
        for (const place of placesIn(sample)) {
          assert.deepEqual(failuresOf(schema, withUnknown(sample, place)), [], `${resource.name} ${place.join(".")}`);
          count += 1;
        }
    }
    assert.ok(count > 400, `only ${count} places were tried`);
  });

  it("and of what is unknown next to two that exclude each other, the others are reported", () => {
    const both = withUnknown({ network: "n", bridge: "b", device: "d" }, ["network"]);
    const nicsOf = { name: "m", memory: "1GiB", nics: [both] };
    assert.deepEqual(failuresOf(tables["Machine"]?.[0] as never, nicsOf), [
      "nics[0].device: can't be set together with bridge; remove one of them",
    ]);
  });
});
