import { at, orElse, type Places, presence, read, withoutDefaults, write, yesNo } from "../../../format/place";
import { attributeOf, childrenOf, el, type Element, find } from "../../../format/xml";
import type { MachineInputs } from "../schema/machine";

type Clock = MachineInputs["clock"];
type Tpm = NonNullable<MachineInputs["tpm"]>;
type Watchdog = NonNullable<MachineInputs["watchdog"]>;
type Filesystem = MachineInputs["filesystems"][number];
type HostDevice = MachineInputs["hostDevices"][number];

const clockPlaces: Places<Omit<Clock, "timers">> = { offset: at("@offset"), timezone: at("@timezone") };
const timerPlaces: Places<Clock["timers"][number]> = {
  name: at("@name"),
  present: at("@present", yesNo),
  tickPolicy: at("@tickpolicy"),
};

export function clockXml({ clock }: Pick<MachineInputs, "clock">): Element {
  const timers = clock.timers.map((timer) => write(el("timer"), timerPlaces, timer));
  return write(el("clock", {}, ...timers), clockPlaces, clock);
}

export function readClock(domain: Element): Clock {
  const clock = find(domain, "clock") ?? el("clock", { offset: "utc" });
  const timers = childrenOf(clock, "timer").map((timer) => read(timer, timerPlaces) as Clock["timers"][number]);
  return { ...(read(clock, clockPlaces) as Clock), timers };
}

export function tpmXml({ tpm }: Pick<MachineInputs, "tpm">): Element | undefined {
  return tpm && el("tpm", { model: tpm.model }, el("backend", { type: "emulator", version: "2.0" }));
}

export function readTpm(devices: Element | undefined): Tpm | undefined {
  const model = attributeOf(devices, "tpm", "model");
  return model === undefined ? undefined : { model: model as Tpm["model"] };
}

const watchdogPlaces: Places<Watchdog> = { model: at("@model"), action: at("@action") };

export function watchdogXml({ watchdog }: Pick<MachineInputs, "watchdog">): Element | undefined {
  return watchdog && write(el("watchdog"), watchdogPlaces, watchdog);
}

export function readWatchdog(devices: Element | undefined): Watchdog | undefined {
  const watchdog = childrenOf(devices, "watchdog").find((device) => !isChipsetsWatchdog(device));
  return watchdog && (read(watchdog, watchdogPlaces) as Watchdog);
}

/** From libvirt 9.1 on every q35 machine has it, asked for or not. */
export function isChipsetsWatchdog({ attributes }: Element): boolean {
  return attributes["model"] === "itco";
}

/** Without one a fresh guest waits long for randomness, for example to make keys. */
export function rngXml({ rng }: Pick<MachineInputs, "rng">): Element | undefined {
  return rng === "none" ? undefined : el("rng", { model: "virtio" }, el("backend", { model: "random" }, rng));
}

export function readRng(devices: Element | undefined): string {
  return at("rng/backend").read(devices ?? el("devices")) ?? "none";
}

export function soundXml({ sound }: Pick<MachineInputs, "sound">): Element | undefined {
  return sound && el("sound", { model: sound });
}

export function readSound(devices: Element | undefined): MachineInputs["sound"] {
  return attributeOf(devices, "sound", "model") as MachineInputs["sound"];
}

const agentName = "org.qemu.guest_agent.0";

export function guestAgentXml({ guestAgent }: Pick<MachineInputs, "guestAgent">): Element | undefined {
  return guestAgent ? el("channel", { type: "unix" }, el("target", { type: "virtio", name: agentName })) : undefined;
}

export function readGuestAgent(devices: Element | undefined): boolean {
  return childrenOf(devices, "channel").some((channel) => attributeOf(channel, "target", "name") === agentName);
}

const filesystemPlaces: Places<Filesystem> = {
  source: at("source/@dir"),
  target: at("target/@dir"),
  driver: orElse(at("driver/@type"), "9p"),
  accessMode: at("@accessmode"),
  readOnly: presence("readonly"),
};

export function filesystemXml(filesystem: Filesystem): Element {
  return write(el("filesystem", { type: "mount" }), filesystemPlaces, filesystem);
}

export function readFilesystem(device: Element, asked: readonly Filesystem[]): Filesystem {
  const seen = read(device, filesystemPlaces) as Filesystem;
  const same = asked.find(({ target }) => target === seen.target);
  return withoutDefaults(seen, same, { accessMode: "passthrough" });
}

export function hostDeviceXml({ pci, usb }: HostDevice): Element {
  const [type, source] = pci === undefined ? ["usb", usbSource(usb ?? "")] : ["pci", pciSource(pci)];
  // Managed: libvirt takes it from the host at the start, and gives it back.
  return el("hostdev", { mode: "subsystem", type, managed: "yes" }, source);
}

function pciSource(address: string): Element {
  const [domain, bus, slot, unit] = address.split(/[:.]/).map(asHex);
  return el("source", {}, el("address", { domain, bus, slot, function: unit }));
}

function usbSource(id: string): Element {
  const [vendor, product] = id.split(":").map(asHex);
  return el("source", {}, el("vendor", { id: vendor }), el("product", { id: product }));
}

function asHex(digits: string): string {
  return `0x${digits}`;
}

const numbersOf = {
  usb: ["vendor/@id", "product/@id"],
  pci: ["address/@domain", "address/@bus", "address/@slot", "address/@function"],
} as const satisfies Record<keyof HostDevice, readonly string[]>;

/** Undefined when it has no place in the inputs: another kind of device, or a USB device by its port. */
export function readHostDevice(device: Element): HostDevice | undefined {
  const { type } = device.attributes;
  if (type !== "usb" && type !== "pci") return undefined;
  const source = find(device, "source") ?? el("source");
  const numbers = numbersOf[type].flatMap((place) => at(place).read(source)?.slice(2) ?? []);
  if (numbers.length < numbersOf[type].length) return undefined;
  const joined = numbers.join(":");
  return type === "usb" ? { usb: joined } : { pci: joined.replace(/:(\w+)$/, ".$1") };
}
