import { attributeOf, el, type Element, withAttributes } from "../../../format/xml";
import { devicesOf } from "../../../libvirt/domain";
import type { MachineInputs } from "../schema/machine";
import { append, mapDevices, type Part } from "./part";

/**
 * More PCIe ports than devices, for libvirt makes one spare alone: without it nothing can be attached while the machine
 * runs. And the SCSI controller that today's systems have a driver for.
 */
export const pciePorts: Part<number> = {
  write: (devices, count, { inputs }) => append(devices, ...portsXml(count), scsiXml(inputs)),
  // libvirt adds ports where the devices need more.
  read: (_, asked, { domain }) =>
    hasPcie(domain) ? Math.min(devicesOf(domain, "controller").filter(isPciePort).length, asked) : asked,
  known: { controller: { key: keyOf } },
  align: withNumbers,
};

function portsXml(count: number): Element[] {
  return Array.from({ length: count }, (_, index) =>
    el("controller", { type: "pci", index: index + 1, model: "pcie-root-port" }),
  );
}

function scsiXml({ disks, cdroms }: Pick<MachineInputs, "disks" | "cdroms">): Element | undefined {
  const hasScsi = [...disks, ...cdroms].some(({ bus }) => bus === "scsi");
  return hasScsi ? el("controller", { type: "scsi", index: 0, model: "virtio-scsi" }) : undefined;
}

/** Without an index it is the first of its type; but of PCI that is the root, which nobody means. */
function keyOf({ attributes: { type, index } }: Element): string | undefined {
  const place = type === "pci" ? index : (index ?? "0");
  return type === undefined || place === undefined ? undefined : `${type} ${place}`;
}

/** Ports that are there count first; new ones get numbers that no controller has. */
function withNumbers(desired: Element, actual: Element): Element {
  const numberOf = numbersIn(actual);
  const ports = devicesOf(desired, "controller").filter(isPciePort);
  return mapDevices(desired, (device) => {
    if (!isPciePort(device)) return device;
    return hasPcie(actual) ? withAttributes(device, { index: numberOf(ports.indexOf(device)) }) : undefined;
  });
}

function numbersIn(actual: Element): (nth: number) => number {
  const buses = devicesOf(actual, "controller").filter(({ attributes }) => attributes["type"] === "pci");
  const own = buses
    .filter(isPciePort)
    .map(indexOf)
    .sort((one, other) => one - other);
  const next = Math.max(0, ...buses.map(indexOf)) + 1;
  return (nth) => own[nth] ?? next + nth - own.length;
}

function indexOf({ attributes }: Element): number {
  return Number(attributes["index"] ?? 0);
}

/** A machine that was taken over may be of an older type, which has plain PCI. */
function hasPcie(domain: Element): boolean {
  return attributeOf(domain, "os/type", "machine")?.includes("q35") === true;
}

function isPciePort(device: Element): boolean {
  return device.name === "controller" && device.attributes["model"] === "pcie-root-port";
}
