import { el, type Element } from "../../format/xml";
import { parseSize } from "../../libvirt/units";
import type { MachineDisk, MachineInputs } from "./schema";

/** What the inputs alone don't tell: found on the host, or derived. */
export interface Surroundings {
  readonly uuid: string;
  readonly domainType: "kvm" | "qemu";
  /** Image of each disk, in their order. */
  readonly images: readonly Image[];
  /** MAC address of each NIC, in their order. */
  readonly macs: readonly string[];
  readonly consoleLog: string;
}

export interface Image {
  readonly path: string;
  readonly format: string;
}

/** The installer's medium, and where it writes its log. */
export interface InstallationMedia {
  readonly iso: string;
  readonly log: string;
}

/**
 * A new machine. While it is being installed it boots from the CD-ROM whatever lies on its disk, ends at the guest's
 * reboot, and has a second serial port for the installer's log.
 */
export function machineXml(inputs: MachineInputs, host: Surroundings, media?: InstallationMedia): Element {
  return el(
    "domain",
    { type: host.domainType },
    el("name", {}, inputs.name),
    el("uuid", {}, host.uuid),
    memoryXml(inputs),
    vcpuXml(inputs),
    osXml(inputs),
    el("features", {}, el("acpi"), el("apic")),
    // Emulation has a CPU model of its own that is faster than an imitation of the host's.
    host.domainType === "kvm" ? el("cpu", { mode: "host-model" }) : undefined,
    el("clock", { offset: "utc" }),
    el("on_poweroff", {}, "destroy"),
    el("on_reboot", {}, media === undefined ? "restart" : "destroy"),
    el("on_crash", {}, "destroy"),
    devicesXml(inputs, host, media),
  );
}

function devicesXml(inputs: MachineInputs, host: Surroundings, media: InstallationMedia | undefined): Element {
  const targets = targetNames(inputs.disks, []);
  return el(
    "devices",
    {},
    ...inputs.disks.map((disk, index) =>
      diskXml(disk, imageAt(host, index), targets[index] ?? "", bootOrder(index, media)),
    ),
    media === undefined ? undefined : cdromXml(media.iso, cdromTarget(targets)),
    ...inputs.nics.map(({ network }, index) => nicXml(network, host.macs[index] ?? "")),
    serialXml(host.consoleLog, 0),
    media === undefined ? undefined : serialXml(media.log, 1),
    // Without it a fresh guest waits long for randomness, for example to make keys.
    el("rng", { model: "virtio" }, el("backend", { model: "random" }, "/dev/urandom")),
  );
}

export function memoryXml({ memory }: Pick<MachineInputs, "memory">): Element {
  return el("memory", { unit: "KiB" }, String(kibibytes(memory)));
}

export function vcpuXml({ vcpus }: Pick<MachineInputs, "vcpus">): Element {
  return el("vcpu", { placement: "static" }, String(vcpus));
}

function osXml({ firmware }: MachineInputs): Element {
  const type = el("type", { arch: "x86_64", machine: "q35" }, "hvm");
  if (firmware === "bios") return el("os", {}, type);
  // Left to itself, libvirt takes the firmware with Secure Boot.
  return el("os", { firmware: "efi" }, type, el("firmware", {}, el("feature", { enabled: "no", name: "secure-boot" })));
}

export function diskXml(disk: MachineDisk, image: Image, target: string, bootOrder: number | undefined): Element {
  return el(
    "disk",
    // Type file, not volume: AppArmor's helper can't look up volumes.
    { type: "file", device: "disk" },
    // discard: what the guest deletes is freed in the image.
    el("driver", { name: "qemu", type: image.format, cache: disk.cache, discard: "unmap" }),
    el("source", { file: image.path }),
    el("target", { dev: target, bus: disk.bus }),
    bootOrder === undefined ? undefined : el("boot", { order: bootOrder }),
  );
}

function cdromXml(iso: string, target: string): Element {
  return el(
    "disk",
    { type: "file", device: "cdrom" },
    el("driver", { name: "qemu", type: "raw" }),
    el("source", { file: iso }),
    el("target", { dev: target, bus: "sata" }),
    el("readonly"),
    el("boot", { order: 1 }),
  );
}

export function nicXml(network: string, mac: string): Element {
  return el(
    "interface",
    { type: "network" },
    el("mac", { address: mac }),
    el("source", { network }),
    el("model", { type: "virtio" }),
  );
}

function serialXml(log: string, port: number): Element {
  return el("serial", { type: "file" }, el("source", { path: log, append: "on" }), el("target", { port }));
}

/** The guest's device names of disks: `vda`, `vdb`, `sda`, …; those that are taken are left out. */
export function targetNames(disks: readonly Pick<MachineDisk, "bus">[], taken: readonly string[]): string[] {
  const used = new Set(taken);
  return disks.map(({ bus }) => {
    const target = freeTarget(bus === "virtio" ? "vd" : "sd", used);
    used.add(target);
    return target;
  });
}

function cdromTarget(taken: readonly string[]): string {
  return freeTarget("sd", new Set(taken));
}

function freeTarget(prefix: string, used: ReadonlySet<string>): string {
  const letters = Array.from("abcdefghijklmnopqrstuvwxyz");
  const free = letters.find((letter) => !used.has(prefix + letter));
  return prefix + (free ?? "");
}

/** Only the first disk is booted from, after the installer's medium while there is one. */
export function bootOrder(index: number, media?: InstallationMedia): number | undefined {
  if (index !== 0) return undefined;
  return media === undefined ? 1 : 2;
}

function imageAt(host: Surroundings, index: number): Image {
  return host.images[index] ?? { path: "", format: "raw" };
}

function kibibytes(memory: string): number {
  return Math.ceil((parseSize(memory) ?? 0) / 1024);
}
