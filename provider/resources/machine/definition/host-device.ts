import { at, each, type Place } from "../../../format/place";
import { el, type Element, find, withAttributes } from "../../../format/xml";
import type { MachineInputs } from "../schema/machine";
import { always, append, type Part } from "./part";

type HostDevice = MachineInputs["hostDevices"][number];

export const hostDevice: Place<HostDevice> = {
  write: (device, { pci, usb }) => {
    const [type, source] = pci === undefined ? ["usb", usbSource(usb ?? "")] : ["pci", pciSource(pci)];
    // Managed: libvirt takes it from the host at the start, and gives it back.
    return append(withAttributes(device, { mode: "subsystem", type, managed: "yes" }), source);
  },
  read: readHostDevice,
};

export const hostDevices: Part<HostDevice[]> = {
  ...always(each("hostdev", hostDevice), []),
  known: { hostdev: { key: (device) => JSON.stringify(find(device, "source")?.children) } },
};

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
function readHostDevice(device: Element): HostDevice | undefined {
  const { type } = device.attributes;
  if (type !== "usb" && type !== "pci") return undefined;
  const source = find(device, "source") ?? el("source");
  const numbers = numbersOf[type].flatMap((place) => at(place).read(source)?.slice(2) ?? []);
  if (numbers.length < numbersOf[type].length) return undefined;
  const joined = numbers.join(":");
  return type === "usb" ? { usb: joined } : { pci: joined.replace(/:(\w+)$/, ".$1") };
}
