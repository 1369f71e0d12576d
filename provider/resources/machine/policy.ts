import { connectionPolicy } from "../../connection-policy";
import type { Depends, Items, Parts, Policy, PolicyTable } from "../../policy";
import { parseSize } from "../../libvirt/units";
import type { MachineCdrom, MachineDisk, MachineInputs, MachineNic } from "./schema";
import { keyOfNic } from "./xml/nic";

type Inputs = MachineInputs;
type OfPart<Field extends keyof Inputs> = Parts<NonNullable<Inputs[Field]>, Inputs>;
type OfItems<Item> = Items<Item, Inputs>;

/** More is plugged in while it runs, as far as it was made for; the hypervisor takes no processor away. */
const vcpus: Depends<Inputs> = {
  kind: "depends",
  text: "more at once up to maxVcpus, else at a restart",
  most: "restart",
  decide: (olds, news) => (news.vcpus > olds.vcpus && news.vcpus <= (olds.maxVcpus ?? olds.vcpus) ? "live" : "restart"),
};

const memory: Depends<Inputs> = {
  kind: "depends",
  text: "at once up to maxMemory, else at a restart",
  most: "restart",
  decide: (olds, news) =>
    bytes(news.memory) <= bytes(olds.maxMemory ?? olds.memory) ? mostStays(olds, news) : "restart",
};

/** Without maxMemory of its own, the memory is the most that it can grow to, which only a restart changes. */
function mostStays(olds: Inputs, news: Inputs): Policy {
  return bytes(olds.maxMemory ?? olds.memory) === bytes(news.maxMemory ?? news.memory) ? "live" : "restart";
}

function bytes(size: string): number {
  return parseSize(size) ?? 0;
}

const memoryBacking: OfPart<"memoryBacking"> = {
  kind: "parts",
  whole: "restart",
  fields: { hugepages: "restart", shared: "restart", locked: "restart" },
};

const cpu: OfPart<"cpu"> = {
  kind: "parts",
  whole: "restart",
  fields: {
    mode: "restart",
    model: "restart",
    topology: {
      kind: "parts",
      whole: "restart",
      fields: { sockets: "restart", dies: "restart", cores: "restart", threads: "restart" },
    },
    features: {
      kind: "items",
      keyOf: ({ name }) => name,
      added: "restart",
      removed: "restart",
      fields: { name: "restart", policy: "restart" },
    },
  },
};

const numa: OfPart<"numa"> = {
  kind: "parts",
  whole: "restart",
  fields: {
    cells: {
      kind: "items",
      keyOf: (_, index) => String(index),
      added: "restart",
      removed: "restart",
      fields: { cpus: "restart", memory: "restart" },
    },
    hostNodes: "restart",
    mode: "restart",
  },
};

const tpm: OfPart<"tpm"> = { kind: "parts", whole: "restart", fields: { model: "restart" } };

const clock: OfPart<"clock"> = {
  kind: "parts",
  whole: "restart",
  fields: {
    offset: "restart",
    timezone: "restart",
    timers: {
      kind: "items",
      keyOf: ({ name }) => name,
      added: "restart",
      removed: "restart",
      fields: { name: "restart", present: "restart", tickPolicy: "restart" },
    },
  },
};

const watchdog: OfPart<"watchdog"> = {
  kind: "parts",
  whole: "restart",
  fields: { model: "restart", action: "restart" },
};

const disks: OfItems<MachineDisk> = {
  kind: "items",
  keyOf: ({ volume, file }) => volume ?? file ?? "",
  added: "live",
  removed: "live",
  moved: "restart",
  fields: {
    volume: "live",
    file: "live",
    format: "restart",
    bus: "restart",
    cache: "restart",
    io: "restart",
    discard: "restart",
    detectZeroes: "restart",
    serial: "restart",
    readOnly: "restart",
    bootOrder: "restart",
    iotune: "restart",
  },
};

const cdroms: OfItems<MachineCdrom> = {
  kind: "items",
  keyOf: (_, index) => String(index),
  added: "restart",
  removed: "restart",
  fields: { medium: "live", bus: "restart", bootOrder: "restart" },
};

const nics: OfItems<MachineNic> = {
  kind: "items",
  keyOf: keyOfNic,
  added: "live",
  removed: "live",
  moved: "restart",
  fields: {
    network: "live",
    portgroup: "live",
    bridge: "live",
    device: "restart",
    mode: "restart",
    address: "live",
    mac: "restart",
    model: "restart",
    link: "live",
    vlan: "restart",
    bandwidth: "live",
    filter: "live",
    queues: "restart",
    mtu: "restart",
    bootOrder: "restart",
  },
};

const filesystems: OfItems<Inputs["filesystems"][number]> = {
  kind: "items",
  keyOf: ({ target }) => target,
  added: "restart",
  removed: "restart",
  fields: { source: "restart", target: "restart", driver: "restart", accessMode: "restart", readOnly: "restart" },
};

const hostDevices: OfItems<Inputs["hostDevices"][number]> = {
  kind: "items",
  keyOf: ({ pci, usb }) => pci ?? usb ?? "",
  added: "restart",
  removed: "restart",
  fields: { pci: "restart", usb: "restart" },
};

const password: Depends<Inputs> = {
  kind: "depends",
  text: "at once when it becomes another; at a restart when it comes or goes",
  most: "restart",
  decide: (...inputs) => (inputs.every(({ graphics }) => graphics?.password !== undefined) ? "live" : "restart"),
};

const graphics: OfPart<"graphics"> = {
  kind: "parts",
  whole: "restart",
  fields: { type: "restart", listen: "restart", port: "restart", password },
};

/** What the overlay's text is made from shows in the text. */
const xml: OfPart<"xml"> = {
  kind: "parts",
  whole: "restart",
  fields: { overlay: "digested", template: "digested", table: "digested", data: "digested", text: "restart" },
};

/** libvirt renames what is off. */
const name: Depends<Inputs> = {
  kind: "depends",
  text: "renamed while it is off; a machine that runs is restarted for it, which allowRestart must allow",
  most: "restart",
  decide: () => "restart",
};

export const machinePolicies = {
  connection: connectionPolicy("replace"),
  name,
  title: "live",
  description: "live",
  tags: "live",
  memory,
  maxMemory: "restart",
  memoryBacking,
  vcpus,
  maxVcpus: "restart",
  cpu,
  numa,
  // What is installed boots with the firmware that it was installed with.
  firmware: "replace",
  secureBoot: "replace",
  tpm,
  clock,
  watchdog,
  rng: "restart",
  disks,
  cdroms,
  nics,
  graphics,
  video: "restart",
  sound: "restart",
  consoles: "restart",
  guestAgent: "restart",
  filesystems,
  hostDevices,
  pciePorts: "restart",
  xml,
  installer: "reinstall",
  overwrite: "setting",
  wait: "setting",
  installTimeout: "setting",
  sshTimeout: "setting",
  running: "live",
  allowRestart: "setting",
  shutdownTimeout: "setting",
  forceOff: "setting",
  consoleLog: "restart",
  domainType: "restart",
  autostart: "live",
  adopt: "setting",
  deleteAdopted: "setting",
} as const satisfies PolicyTable<MachineInputs>;
