import { machineInputs } from "../../../provider/resources/machine/schema";
import type { MachineInputs } from "../../../provider/resources/machine/schema/machine";
import fc from "../../properties";

/** Each key of an object may be missing, but for these. */
function some<Values extends object, Key extends keyof Values = never>(
  values: { [Each in keyof Values]: fc.Arbitrary<Values[Each]> },
  ...requiredKeys: Key[]
) {
  return fc.record(values, { requiredKeys });
}

function few<Item>(item: fc.Arbitrary<Item>, selector: (item: Item) => unknown) {
  return fc.uniqueArray(item, { maxLength: 3, selector });
}

const upTo = (most: number) => fc.integer({ min: 1, max: most });
const text = fc.constantFrom("one", "two & three", "<four>");
const isSo = fc.boolean();
/** Whether a device has a place in the boot order, which all of them share. */
const boots = { boots: fc.boolean() };

const processors = upTo(2).chain((half) =>
  some({
    maxVcpus: fc.constant(half * 2),
    topology: fc.constantFrom(
      { sockets: half, dies: 1, cores: 2, threads: 1 },
      { sockets: 1, dies: half, cores: 1, threads: 2 },
    ),
    cpus: fc.constant([`0-${half * 2 - 1}`]),
  }).map((given) => ({ vcpus: given.maxVcpus === undefined ? half * 2 : half, ...given })),
);

const features = few(
  some({ name: fc.constantFrom("aes", "vmx", "x2apic"), policy: fc.constantFrom("disable", "force") }, "name"),
  ({ name }) => name,
);

const cpu = fc.oneof(
  some({ mode: fc.constantFrom("host-model", "host-passthrough", "maximum"), features }),
  some({ mode: fc.constant("custom"), model: fc.constantFrom("Nehalem", "EPYC"), features }, "mode", "model"),
);

const hostNodes = some(
  { hostNodes: fc.constantFrom("0", "0-1"), mode: fc.constantFrom("preferred", "interleave") },
  "hostNodes",
);

const clock = fc.oneof(
  fc.record({ offset: fc.constantFrom("utc", "localtime") }),
  fc.record({ offset: fc.constant("timezone"), timezone: fc.constantFrom("Europe/Berlin", "Asia/Tokyo") }),
);

const timers = few(
  some(
    {
      name: fc.constantFrom("rtc", "hpet", "pit"),
      present: isSo,
      tickPolicy: fc.constantFrom("delay", "catchup"),
    },
    "name",
  ),
  ({ name }) => name,
);

const limits = fc.oneof(
  some({ totalBytes: upTo(9), readRequests: upTo(9), writeRequests: upTo(9) }, "totalBytes"),
  some({ totalRequests: upTo(9), readBytes: upTo(9), writeBytes: upTo(9) }, "totalRequests"),
);

const disk = some(
  {
    image: fc.constantFrom(
      { volume: "p/one" },
      { volume: "p/two" },
      { volume: "p/two", format: "qcow2" },
      { file: "/images/three.img" },
      { file: "/images/four.img", format: "qcow2" },
      { file: "/dev/five" },
    ),
    bus: fc.constantFrom("virtio", "sata", "scsi", "usb"),
    cache: fc.constantFrom("none", "directsync"),
    io: fc.constantFrom("threads", "io_uring"),
    discard: fc.constantFrom("unmap", "ignore"),
    detectZeroes: fc.constantFrom("off", "on", "unmap"),
    serial: fc.constantFrom("S1", "S2"),
    readOnly: isSo,
    iotune: limits,
    ...boots,
  },
  "image",
  "boots",
);
const disks = few(disk, ({ image: { volume, file } }) => volume ?? file).map((list) =>
  list.map(({ image, ...values }) => ({ ...image, ...values })),
);

const cdrom = some(
  { medium: fc.constantFrom("/images/a.iso", "/images/b.iso"), bus: fc.constantFrom("sata", "scsi"), ...boots },
  "boots",
);

const rate = some({ average: upTo(9), peak: upTo(9), burst: upTo(9) }, "average");
const plug = fc.oneof(
  some({ network: fc.constantFrom("net-a", "net-b"), portgroup: fc.constant("group") }, "network"),
  fc.record({ bridge: fc.constantFrom("br-a", "br-b") }),
  some({ device: fc.constantFrom("eth0", "eth1"), mode: fc.constantFrom("bridge", "vepa", "private") }, "device"),
);
const nic = fc
  .tuple(
    plug,
    some(
      {
        mac: upTo(6).map((n) => `52:54:00:00:00:0${n}`),
        model: fc.constant("e1000e"),
        link: fc.constantFrom("up", "down"),
        vlan: upTo(9),
        bandwidth: fc.oneof(fc.record({ inbound: rate }), fc.record({ inbound: rate, outbound: rate })),
        filter: fc.constant("clean-traffic"),
        mtu: fc.constantFrom(1400, 9000),
        ...boots,
      },
      "mac",
      "boots",
    ),
    some({ queues: upTo(4) }),
  )
  .map(([plugged, values, { queues }]) => ({
    ...plugged,
    ...values,
    ...(values.model === undefined && queues !== undefined && { queues }),
  }));

const graphics = some(
  {
    type: fc.constantFrom("vnc", "spice"),
    listen: fc.constantFrom("127.0.0.1", "::1", "0.0.0.0"),
    port: fc.integer({ min: 5900, max: 5910 }),
    password: fc.constantFrom("secret", "sesame"),
  },
  "type",
);

const filesystem = fc
  .tuple(
    fc.record({ source: fc.constantFrom("/a", "/b"), target: fc.constantFrom("one", "two", "three") }),
    fc.oneof(
      fc.record({ driver: fc.constant("virtiofs") }),
      some(
        { driver: fc.constant("9p"), accessMode: fc.constantFrom("mapped", "passthrough"), readOnly: isSo },
        "driver",
      ),
    ),
  )
  .map(([where, how]) => ({ ...where, ...how }));

const hostDevice = fc.oneof(
  fc.record({ pci: fc.constantFrom("0000:03:00.1", "0000:04:1f.0") }),
  fc.record({ usb: fc.constantFrom("046d:c52b", "046d:c52c") }),
);

const devices = some({
  tpm: some({ model: fc.constantFrom("tpm-crb", "tpm-tis") }),
  watchdog: some({ action: fc.constantFrom("reset", "poweroff", "none") }),
  rng: fc.constantFrom("none", "/dev/random"),
  graphics,
  video: fc.constantFrom("virtio", "vga", "bochs"),
  sound: fc.constantFrom("ich9", "usb"),
  consoles: fc.record({ serials: upTo(3), virtios: upTo(3), isFirst: isSo }).map(({ serials, virtios, isFirst }) => {
    const lists = [Array<string>(serials - 1).fill("serial"), Array<string>(virtios - 1).fill("virtio")];
    return (isFirst ? lists : lists.toReversed()).flat();
  }),
  guestAgent: isSo,
  hostDevices: few(hostDevice, (device) => JSON.stringify(device)),
  pciePorts: fc.constantFrom(0, 1, 4, 12),
  consoleLog: fc.constantFrom("/logs/a.log", "/logs/b.log"),
});

const settings = some({
  title: text,
  description: text,
  tags: fc.uniqueArray(text),
  maxMemory: fc.constantFrom("128MiB", "1GiB"),
  cpu,
  hostNodes,
  clock,
  timers,
  secureBoot: isSo,
  domainType: fc.constantFrom("kvm", "qemu"),
  backing: some({ hugepages: fc.constantFrom("2MiB", "1GiB"), locked: isSo, shared: isSo }),
});

/** A processor with its topology, and NUMA nodes that cover it. */
function cpuOf(processor: object | undefined, topology: object | undefined) {
  if (processor === undefined && topology === undefined) return {};
  return { cpu: { ...processor, ...(topology && { topology }) } };
}

function numaOf(binding: object | undefined, cpus: readonly string[] | undefined, memory: string) {
  if (binding === undefined && cpus === undefined) return {};
  return { numa: { ...binding, ...(cpus && { cells: cpus.map((each) => ({ cpus: each, memory })) }) } };
}

/** Those that have a place in the boot order get the next one. */
function withOrders(...lists: readonly (readonly { readonly boots: boolean }[])[]) {
  let next = 1;
  return lists.map((list) => list.map(({ boots, ...device }) => (boots ? { ...device, bootOrder: next++ } : device)));
}

/** Inputs of a machine that a check takes. */
export const validInputs: fc.Arbitrary<MachineInputs> = fc
  .record({
    memory: fc.constantFrom("64MiB", "128MiB"),
    processors,
    settings,
    devices,
    drives: fc.tuple(
      disks,
      fc.array(cdrom, { maxLength: 2 }),
      few(nic, ({ mac }) => mac),
    ),
    filesystems: few(filesystem, ({ target }) => target),
  })
  .map(({ memory, processors: { topology, cpus, ...counts }, settings: given, drives, filesystems, ...rest }) => {
    const { cpu: processor, hostNodes: binding, clock: offset, timers: single, secureBoot, backing, ...plain } = given;
    const [disksInOrder, cdroms, nics] = withOrders(...drives);
    const isShared = filesystems.some(({ driver }) => driver === "virtiofs");
    return machineInputs.parse({
      ...{ name: "arbitrary", memory, filesystems },
      ...{ ...counts, ...plain, ...rest.devices },
      ...cpuOf(processor, topology),
      ...numaOf(binding, cpus, plain.maxMemory ?? memory),
      ...((offset ?? single) && { clock: { ...offset, ...(single && { timers: single }) } }),
      ...(secureBoot !== undefined && { firmware: "uefi", secureBoot }),
      ...((backing !== undefined || isShared) && { memoryBacking: { ...backing, ...(isShared && { shared: true }) } }),
      ...{ disks: disksInOrder, cdroms, nics },
    });
  });
