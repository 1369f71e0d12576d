import { childrenOf, el, type Element } from "../../../format/xml";
import type { MachineInputs } from "../schema";

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
export function readPciePorts(devices: Element | undefined, asked: number): number {
  return Math.min(childrenOf(devices, "controller").filter(isPciePort).length, asked);
}

export function isPciePort(device: Element): boolean {
  return device.name === "controller" && device.attributes["model"] === "pcie-root-port";
}
