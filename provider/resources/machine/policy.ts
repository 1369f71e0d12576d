import { connectionPolicy } from "../../resource/connection-policy";
import { allAre, type Depends, type Items, type Parts, type Policy, type PolicyTable } from "../../resource/policy";
import { parseSize } from "../../values/units";
import { keyOfNic } from "./definition/nic";
import type { MachineCdrom, MachineDisk, MachineInputs, MachineNic } from "./schema/machine";

type Inputs = MachineInputs;
type OfPart<Field extends keyof Inputs> = Parts<NonNullable<Inputs[Field]>, Inputs>;
type OfItems<Item> = Items<Item, Inputs>;

/** Fields whose change waits for a restart. */
function atRestart<Key extends string>(...fields: readonly Key[]): Readonly<Record<Key, "restart">> {
  return allAre("restart", fields);
}

/** An object of such fields. */
function partsAtRestart<Key extends string>(...fields: readonly Key[]) {
  return { kind: "parts", whole: "restart", fields: atRestart(...fields) } as const;
}

/** Processors are added while the machine runs, up to its maximum; the hypervisor removes none. */
const vcpus: Depends<Inputs> = {
  kind: "depends",
  text: "more: at once up to maxVcpus; else at a restart",
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

/** Without its own maxMemory, the memory is also the maximum, which only a restart changes. */
function mostStays(olds: Inputs, news: Inputs): Policy {
  return bytes(olds.maxMemory ?? olds.memory) === bytes(news.maxMemory ?? news.memory) ? "live" : "restart";
}

function bytes(size: string): number {
  return parseSize(size) ?? 0;
}

const memoryBacking: OfPart<"memoryBacking"> = partsAtRestart("hugepages", "shared", "locked");

const cpu: OfPart<"cpu"> = {
  kind: "parts",
  whole: "restart",
  fields: {
    ...atRestart("mode", "model"),
    topology: partsAtRestart("sockets", "dies", "cores", "threads"),
    features: {
      kind: "items",
      keyOf: ({ name }) => name,
      added: "restart",
      removed: "restart",
      fields: atRestart("name", "policy"),
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
      fields: atRestart("cpus", "memory"),
    },
    ...atRestart("hostNodes", "mode"),
  },
};

const tpm: OfPart<"tpm"> = partsAtRestart("model");

const clock: OfPart<"clock"> = {
  kind: "parts",
  whole: "restart",
  fields: {
    ...atRestart("offset", "timezone"),
    timers: {
      kind: "items",
      keyOf: ({ name }) => name,
      added: "restart",
      removed: "restart",
      fields: atRestart("name", "present", "tickPolicy"),
    },
  },
};

const watchdog: OfPart<"watchdog"> = partsAtRestart("model", "action");

const disks: OfItems<MachineDisk> = {
  kind: "items",
  keyOf: ({ volume, file }) => volume ?? file ?? "",
  added: "live",
  removed: "live",
  moved: "restart",
  fields: {
    volume: "live",
    file: "live",
    ...atRestart("format", "bus", "cache", "io", "discard", "detectZeroes"),
    ...atRestart("serial", "readOnly", "bootOrder", "iotune"),
  },
};

const cdroms: OfItems<MachineCdrom> = {
  kind: "items",
  keyOf: (_, index) => String(index),
  added: "restart",
  removed: "restart",
  fields: { medium: "live", ...atRestart("bus", "bootOrder") },
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
    address: "live",
    link: "live",
    bandwidth: "live",
    filter: "live",
    ...atRestart("device", "mode", "mac", "model", "vlan", "queues", "mtu", "bootOrder"),
  },
};

const filesystems: OfItems<Inputs["filesystems"][number]> = {
  kind: "items",
  keyOf: ({ target }) => target,
  added: "restart",
  removed: "restart",
  fields: atRestart("source", "target", "driver", "accessMode", "readOnly"),
};

const hostDevices: OfItems<Inputs["hostDevices"][number]> = {
  kind: "items",
  keyOf: ({ pci, usb }) => pci ?? usb ?? "",
  added: "restart",
  removed: "restart",
  fields: atRestart("pci", "usb"),
};

const password: Depends<Inputs> = {
  kind: "depends",
  text: "changed: at once; added, removed: at a restart",
  most: "restart",
  decide: (...inputs) => (inputs.every(({ graphics }) => graphics?.password !== undefined) ? "live" : "restart"),
};

const graphics: OfPart<"graphics"> = {
  kind: "parts",
  whole: "restart",
  fields: { ...atRestart("type", "listen", "port"), password },
};

/** A change of the overlay's sources is a change of its text. */
const xml: OfPart<"xml"> = {
  kind: "parts",
  whole: "restart",
  fields: { overlay: "digested", template: "digested", table: "digested", data: "digested", text: "restart" },
};

/** libvirt renames a machine only while it is off. */
const name: Depends<Inputs> = {
  kind: "depends",
  text: "renamed while it is off; a running machine is restarted, which allowRestart must allow",
  most: "restart",
  decide: () => "restart",
};

/** The installed system boots with the firmware of its installation. Of another machine only its user knows what boots. */
const firmware: Depends<Inputs> = {
  kind: "depends",
  text: "at the next installation; without an installer at a restart",
  most: "reinstall",
  decide: (_, { installer }) => (installer === undefined ? "restart" : "reinstall"),
};

/** The text is compared with that of the last deployment: another one is a request. */
const reinstall: Depends<Inputs> = {
  kind: "depends",
  text: "another text: installs it again; no text: nothing",
  most: "live",
  decide: (_, news) => (news.reinstall === undefined ? "setting" : "live"),
};

export const machinePolicies = {
  connection: connectionPolicy("replace"),
  name,
  title: "live",
  description: "live",
  tags: "live",
  memory,
  memoryBacking,
  vcpus,
  cpu,
  numa,
  firmware,
  secureBoot: firmware,
  tpm,
  clock,
  watchdog,
  disks,
  cdroms,
  nics,
  graphics,
  filesystems,
  hostDevices,
  xml,
  installer: "reinstall",
  reinstall,
  overwrite: "setting",
  wait: "setting",
  maxInstallations: "setting",
  installTimeout: "setting",
  stallTimeout: "setting",
  sshTimeout: "setting",
  running: "live",
  allowRestart: "setting",
  shutdownTimeout: "setting",
  forceOff: "setting",
  autostart: "live",
  adopt: "setting",
  deleteAdopted: "setting",
  ...atRestart("maxMemory", "maxVcpus", "rng", "video", "sound", "consoles", "guestAgent", "pciePorts"),
  ...atRestart("consoleLog", "domainType"),
} as const satisfies PolicyTable<MachineInputs>;
