import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before } from "node:test";
import type { Properties } from "../../../provider/resource/handler";
import { machine } from "../../../provider/resources/machine/handler";
import { machineInputs, machineOutputs } from "../../../provider/resources/machine/schema";
import { site } from "../../site";
import { fieldCases } from "../fields";

const { connection, host } = site();
const { libvirt } = host;
const volumes = ["fields-a", "fields-b"];
const networks = ["fields-a", "fields-b"];

before(async () => {
  for (const volume of volumes) {
    const xml = `<volume><name>${volume}</name><capacity>1048576</capacity></volume>`;
    await libvirt.createVolume("default", xml);
  }
  for (const network of networks) await libvirt.define("network", `<network><name>${network}</name></network>`);
});
after(async () => {
  for (const volume of volumes) await libvirt.deleteVolume("default", volume);
  for (const network of networks)
    await libvirt.undefine("network", (await libvirt.find("network", network))?.uuid ?? "");
});

const folderOfFiles = mkdtempSync(path.join(tmpdir(), "kvm-deploy-fields-"));
const [template, table] = [path.join(folderOfFiles, "overlay.hbs"), path.join(folderOfFiles, "overlay.yaml")];
writeFileSync(template, '<domain><memtune><hard_limit unit="GiB">{{hard}}</hard_limit></memtune></domain>');
writeFileSync(table, "hard: limit\n");
after(() => {
  rmSync(folderOfFiles, { recursive: true });
});

/** A value inside a disk, a NIC or another object, with and without it. */
function inside(wrap: (values: Properties) => Properties) {
  return (set: Properties, unset: Properties = {}) => ({ set: wrap(set), unset: wrap(unset) });
}

const disk = inside((values) => ({ disks: [{ volume: "default/fields-a", ...values }] }));
const image = inside((values) => ({ disks: [{ file: "/fields/image.img", ...values }] }));
const drive = inside((values) => ({ cdroms: [values] }));
const nic = inside((values) => ({ nics: [{ network: "fields-a", ...values }] }));
const macvtap = inside((values) => ({ nics: [{ device: "fields0", ...values }] }));
const cpu = inside((values) => ({ cpu: { mode: "host-passthrough", ...values } }));
const topology = (key: string) => ({ vcpus: 2, cpu: { topology: { [key]: 2 } } });
const numa = inside((values) => ({ numa: { hostNodes: "0", ...values } }));
const screen = inside((values) => ({ graphics: { type: "vnc", ...values } }));
const clock = inside((values) => ({ clock: values }));
const timer = inside((values) => ({ clock: { timers: [{ name: "rtc", ...values }] } }));
const folder = inside((values) => ({
  filesystems: [{ source: "/fields", target: "fields", driver: "9p", ...values }],
}));
const iotune = (key: string) =>
  disk(
    { iotune: { totalBytes: undefined, writeBytes: 1000, [key]: 5000 } },
    {
      iotune: { writeBytes: 1000 },
    },
  );
const overlay = (elements: string) => ({ set: { xml: { overlay: `<domain>${elements}</domain>` } } });
const inOwnWords = "libvirt writes it in words of its own";
const shared = { memoryBacking: { shared: true } };

fieldCases({
  handler: machine,
  schema: machineInputs,
  outputs: machineOutputs,
  name: "Machine",
  // Off, all of it is in force at once; what a running machine does with it is tested beside.
  base: {
    connection,
    running: false,
    name: "fields-machine",
    memory: "64MiB",
    domainType: "qemu",
    shutdownTimeout: "1s",
  },
  cases: {
    title: { set: { title: "A title" } },
    description: { set: { description: "Two\nlines & more" } },
    tags: { set: { tags: ["one", "two"] }, unset: { tags: ["two"] } },
    "all tags": { set: { tags: ["one"] } },
    memory: { set: { memory: "96MiB" } },
    maxMemory: { set: { maxMemory: "128MiB" } },
    "huge pages": { set: { memoryBacking: { hugepages: "2MiB" } }, unset: { memoryBacking: {} } },
    "shared memory": { set: shared, unset: { memoryBacking: {} } },
    "locked memory": { set: { memoryBacking: { locked: true } }, unset: { memoryBacking: {} } },
    "memory's backing": { set: shared },
    vcpus: { set: { vcpus: 2 } },
    maxVcpus: { set: { maxVcpus: 4 } },
    "a CPU": { set: { cpu: { mode: "host-passthrough" } } },
    "a CPU's mode": { set: { cpu: { mode: "maximum" } }, unset: { cpu: {} } },
    "a CPU's model": { set: { cpu: { mode: "custom", model: "Nehalem" } }, unset: { cpu: {} } },
    "a CPU's topology": cpu({ topology: {} }),
    sockets: { set: topology("sockets"), unset: { cpu: { topology: {} } } },
    dies: { set: topology("dies"), unset: { cpu: { topology: {} } } },
    cores: { set: topology("cores"), unset: { cpu: { topology: {} } } },
    threads: { set: topology("threads"), unset: { cpu: { topology: {} } } },
    "a CPU's feature": cpu({ features: [{ name: "aes" }] }),
    "a feature's name": cpu({ features: [{ name: "aes" }] }, { features: [{ name: "vmx" }] }),
    "a feature's policy": cpu({ features: [{ name: "aes", policy: "disable" }] }, { features: [{ name: "aes" }] }),
    "NUMA nodes": { set: { numa: { cells: [{ cpus: "0", memory: "64MiB" }] } } },
    "the host's NUMA nodes": { set: { numa: { hostNodes: "0" } }, unset: { numa: {} } },
    "how memory is bound": numa({ mode: "preferred" }),
    cells: numa({ cells: [{ cpus: "0", memory: "64MiB" }] }),
    "a cell's memory": {
      set: { memory: "128MiB", numa: { cells: [{ cpus: "0", memory: "128MiB" }] } },
      unset: { numa: { cells: [{ cpus: "0", memory: "64MiB" }] } },
    },
    firmware: { set: { firmware: "uefi" } },
    secureBoot: { set: { firmware: "uefi", secureBoot: true }, unset: { firmware: "uefi" } },
    tpm: { set: { tpm: {} } },
    "a TPM's model": { set: { tpm: { model: "tpm-tis" } }, unset: { tpm: {} } },
    "the clock's offset": clock({ offset: "localtime" }),
    "a time zone": clock({ offset: "timezone", timezone: "Europe/Berlin" }),
    timers: clock({ timers: [{ name: "hpet", present: false }] }),
    "a timer's name": clock({ timers: [{ name: "pit", tickPolicy: "delay" }] }, { timers: [{ name: "rtc" }] }),
    "a timer's presence": timer({ present: true }),
    "a timer's ticks": timer({ tickPolicy: "catchup" }),
    watchdog: { set: { watchdog: {} } },
    "a watchdog's action": { set: { watchdog: { action: "poweroff" } }, unset: { watchdog: {} } },
    rng: { set: { rng: "none" } },
    "another rng": { set: { rng: "/dev/random" } },

    disks: { set: { disks: [{ volume: "default/fields-a" }] } },
    "a second disk, in front": {
      set: { disks: [{ volume: "default/fields-b" }, { volume: "default/fields-a" }] },
      unset: { disks: [{ volume: "default/fields-a" }] },
    },
    "a disk's volume": disk({ volume: "default/fields-b" }),
    "a disk's file": { set: { disks: [{ file: "/fields/image.img" }] }, unset: disk({}).set },
    "a file's format": image({ format: "qcow2" }),
    "a disk's bus": disk({ bus: "scsi" }),
    "a disk's cache": disk({ cache: "none" }),
    "a disk's io": disk({ io: "threads" }),
    "a disk's discard": disk({ discard: "ignore" }),
    "a disk's zeroes": disk({ detectZeroes: "on" }),
    "a disk's serial": disk({ serial: "DISK-1" }),
    "a disk's write protection": disk({ readOnly: true }),
    "a disk's place in the boot order": disk({ bootOrder: 2 }),
    "a disk's limits": disk({ iotune: { totalBytes: 1000 } }),
    totalBytes: disk({ iotune: { totalBytes: 1000, readRequests: 10 } }, { iotune: { readRequests: 10 } }),
    readBytes: iotune("readBytes"),
    writeBytes: disk({ iotune: { readBytes: 1000, writeBytes: 10 } }, { iotune: { readBytes: 1000 } }),
    totalRequests: iotune("totalRequests"),
    readRequests: iotune("readRequests"),
    writeRequests: iotune("writeRequests"),
    cdroms: { set: { cdroms: [{}] } },
    "a medium": drive({ medium: "/fields/image.iso" }),
    "a drive's bus": drive({ bus: "scsi" }),
    "a drive's place in the boot order": drive({ bootOrder: 1 }),

    nics: { set: { nics: [{ network: "fields-a" }] } },
    "a NIC's network": nic({ network: "fields-b" }),
    "a second NIC, in front": {
      set: { nics: [{ network: "fields-b" }, { network: "fields-a" }] },
      unset: { nics: [{ network: "fields-a" }] },
    },
    "a NIC's bridge": { set: { nics: [{ bridge: "fields1" }] }, unset: { nics: [{ bridge: "fields2" }] } },
    "a NIC's device": { set: { nics: [{ device: "fields1" }] }, unset: { nics: [{ network: "fields-a" }] } },
    "a device's mode": macvtap({ mode: "vepa" }),
    "a port group": nic({ portgroup: "group" }),
    "a MAC address": nic({ mac: "52:54:00:00:0f:01" }),
    "a NIC's model": nic({ model: "e1000e" }),
    "a NIC's link": nic({ link: "down" }),
    "a VLAN": nic({ vlan: 7 }),
    bandwidth: nic({ bandwidth: { inbound: { average: 100 } } }),
    inbound: nic(
      { bandwidth: { inbound: { average: 100 }, outbound: { average: 5 } } },
      { bandwidth: { outbound: { average: 5 } } },
    ),
    outbound: nic(
      { bandwidth: { inbound: { average: 100 }, outbound: { average: 5 } } },
      { bandwidth: { inbound: { average: 100 } } },
    ),
    average: nic(
      { bandwidth: { inbound: { average: 100 }, outbound: { average: 5 } } },
      { bandwidth: { inbound: { average: 200 }, outbound: { average: 6 } } },
    ),
    peak: nic({ bandwidth: { inbound: { average: 100, peak: 500 } } }, { bandwidth: { inbound: { average: 100 } } }),
    burst: nic({ bandwidth: { inbound: { average: 100, burst: 50 } } }, { bandwidth: { inbound: { average: 100 } } }),
    "peak and burst outbound": nic(
      { bandwidth: { outbound: { average: 100, peak: 500, burst: 50 } } },
      { bandwidth: { outbound: { average: 100 } } },
    ),
    "a filter": nic({ filter: "clean-traffic" }),
    queues: nic({ queues: 2 }),
    mtu: nic({ mtu: 1400 }),
    "a NIC's place in the boot order": nic({ bootOrder: 1 }),
    "a fixed address": { ...nic({ address: "10.77.0.9" }), unread: "it is the network's, not the machine's" },

    graphics: { set: { graphics: { type: "vnc" } } },
    "a screen's protocol": screen({ type: "spice" }),
    "a screen's address": screen({ listen: "0.0.0.0" }),
    "a screen's port": screen({ port: 5977 }),
    "a screen's password": screen({ password: "fields" }),
    video: { set: { video: "vga" } },
    "another graphics card": { set: { video: "vga", ...screen({}).set }, unset: screen({}).set },
    sound: { set: { sound: "ich9" } },
    consoles: { set: { consoles: ["serial", "virtio"] } },
    "one console": { set: { consoles: ["virtio", "serial"] }, unset: { consoles: ["serial"] } },
    guestAgent: { set: { guestAgent: false } },
    filesystems: { set: folder({}).set },
    "a directory's source": folder({ source: "/other" }),
    "a directory's tag": folder({ target: "other" }),
    "a directory's driver": {
      set: { ...shared, ...folder({ driver: "virtiofs" }).set },
      unset: { ...shared, ...folder({}).set },
    },
    "a directory's owners": folder({ accessMode: "mapped" }),
    "a directory's write protection": folder({ readOnly: true }),
    hostDevices: { set: { hostDevices: [{ pci: "0000:03:00.1" }] } },
    "a PCI device": {
      set: { hostDevices: [{ pci: "0000:03:00.1" }] },
      unset: { hostDevices: [{ pci: "0000:04:00.0" }] },
    },
    "a USB device": { set: { hostDevices: [{ usb: "046d:c52b" }] }, unset: { hostDevices: [{ usb: "046d:c52c" }] } },
    pciePorts: { set: { pciePorts: 14 } },
    "fewer ports": { set: { pciePorts: 8 }, unread: "libvirt adds ports where the devices need more" },
    "an overlay": { ...overlay("<memtune><hard_limit>2097152</hard_limit></memtune>"), unread: inOwnWords },
    "another overlay": {
      set: overlay('<devices><panic model="isa"/></devices>').set,
      unset: overlay("<devices/>").set,
      unread: inOwnWords,
    },
    "an overlay's template": {
      set: { xml: { template, table, data: { limit: 3 } } },
      unset: overlay("").set,
      unread: inOwnWords,
    },
    "an overlay's table and data": {
      set: { xml: { template, table, data: { limit: 4, hard: 4 } } },
      unset: { xml: { template, data: { hard: 3 } } },
      unread: inOwnWords,
    },
    consoleLog: { set: { consoleLog: "/tmp/kvm-deploy-fields.log" } },
    autostart: { set: { autostart: false } },
    "what is waited for": {
      set: {
        ...nic({}).set,
        running: "leave",
        wait: "ssh",
        maxInstallations: 3,
        installTimeout: "2h",
        stallTimeout: "5m",
        sshTimeout: "2m",
      },
      unset: { ...nic({}).unset, running: "leave" },
      unread: "a setting of kvm-deploy's own",
    },
    running: { set: { running: true, forceOff: true }, unset: { forceOff: true } },
    "what kvm-deploy may do": {
      set: {
        shutdownTimeout: "2s",
        allowRestart: true,
        forceOff: true,
        overwrite: true,
        adopt: true,
        deleteAdopted: true,
      },
      unread: "settings of kvm-deploy's own",
    },
  },
  without: {
    "Machine.connection": "a machine on another host is another machine",
    "Machine.name": "a machine of another name is another machine",
    "Machine.domainType": "kvm can't run where the tests do",
    "MachineWatchdog.model": "there is only one",
    "Machine.installer": "the tests of installations have it",
    "Machine.reinstall": "the tests of installations have it",
  },
});
