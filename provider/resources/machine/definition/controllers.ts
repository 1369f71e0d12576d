import { attributeOf, el, type Element } from "../../../format/xml";
import { devicesOf } from "../../../libvirt/domain";
import type { MachineInputs } from "../schema/machine";

type Plugged = Pick<MachineInputs, "pciePorts" | "disks" | "cdroms">;

/**
 * More PCIe ports than devices, for libvirt makes one spare alone: without it nothing can be plugged in while the machine
 * runs. And the SCSI controller that today's systems have a driver for.
 */
export function controllersXml({ pciePorts, disks, cdroms }: Plugged): Element[] {
  const ports = Array.from({ length: pciePorts }, (_, index) =>
    el("controller", { type: "pci", index: index + 1, model: "pcie-root-port" }),
  );
  const hasScsi = [...disks, ...cdroms].some(({ bus }) => bus === "scsi");
  return hasScsi ? [...ports, el("controller", { type: "scsi", index: 0, model: "virtio-scsi" })] : ports;
}

/** libvirt adds ports where the devices need more. */
export function readPciePorts(domain: Element, asked: number): number {
  const ports = devicesOf(domain, "controller").filter(isPciePort);
  return hasPcie(domain) ? Math.min(ports.length, asked) : asked;
}

/** A machine that was taken over may be of an older type, which has plain PCI. */
export function hasPcie(domain: Element): boolean {
  return attributeOf(domain, "os/type", "machine")?.includes("q35") === true;
}

export function isPciePort(device: Element): boolean {
  return device.name === "controller" && device.attributes["model"] === "pcie-root-port";
}
