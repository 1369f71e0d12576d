import {
  attributeOf,
  childrenOf,
  el,
  type Element,
  find,
  mapChildren,
  withAttributes,
  withChild,
} from "../../format/xml";
import type { MachineInputs } from "./schema";
import { bootOrder, diskXml, type Image, memoryXml, nicXml, type Surroundings, targetNames, vcpuXml } from "./xml";

/**
 * The present definition with what the inputs say now. It is edited, not made anew, so that device addresses (and with
 * them the guest's names of its devices) and all that isn't modelled here stay as they are.
 */
export function updated(domain: Element, inputs: MachineInputs, host: Surroundings): Element {
  const memory = memoryXml(inputs);
  const sized = withChild(withChild(domain, "memory", memory), "currentMemory", { ...memory, name: "currentMemory" });
  const typed = inputs.domainType === undefined ? sized : withAttributes(sized, { type: inputs.domainType });
  const devices = find(domain, "devices") ?? el("devices");
  return withChild(withChild(typed, "vcpu", vcpuXml(inputs)), "devices", updatedDevices(devices, inputs, host));
}

/** The machine as it runs after its installation: the disk boots, the medium is out, a reboot restarts it. */
export function installed(domain: Element): Element {
  const devices = mapChildren(find(domain, "devices") ?? el("devices"), (device) => {
    if (isCdrom(device)) return withChild(withChild(device, "source", undefined), "boot", undefined);
    if (isDisk(device))
      return find(device, "boot") === undefined ? device : withChild(device, "boot", el("boot", { order: 1 }));
    return isInstallerLog(device) ? undefined : device;
  });
  return withChild(withChild(domain, "on_reboot", el("on_reboot", {}, "restart")), "devices", devices);
}

function updatedDevices(devices: Element, inputs: MachineInputs, host: Surroundings): Element {
  const kept = mapChildren(devices, (device) => {
    if (isDisk(device)) return updatedDisk(device, inputs, host.images);
    if (device.name === "interface") return updatedNic(device, inputs, host.macs);
    return isFirstSerial(device) ? withSourcePath(device, host.consoleLog) : device;
  });
  return el(
    kept.name,
    kept.attributes,
    ...kept.children,
    ...addedDisks(kept, inputs, host.images),
    ...addedNics(kept, inputs, host.macs),
  );
}

/**
 * Undefined when the inputs no longer name its image, or put it on another bus: there it is another device, with another
 * name and address, which is added anew.
 */
function updatedDisk(device: Element, { disks }: MachineInputs, images: readonly Image[]): Element | undefined {
  const index = images.findIndex(({ path }) => path === attributeOf(device, "source", "file"));
  const disk = disks[index];
  const image = images[index];
  if (disk === undefined || image === undefined || attributeOf(device, "target", "bus") !== disk.bus) return undefined;
  const driver = withAttributes(find(device, "driver") ?? el("driver", { name: "qemu" }), {
    cache: disk.cache,
    type: image.format,
  });
  const order = find(device, "boot")?.attributes["order"] ?? bootOrder(index);
  return withChild(withChild(device, "driver", driver), "boot", index === 0 ? el("boot", { order }) : undefined);
}

function addedDisks(devices: Element, { disks }: MachineInputs, images: readonly Image[]): Element[] {
  const present = childrenOf(devices, "disk").map((device) => attributeOf(device, "source", "file"));
  const missing = images.flatMap((image, index) => (present.includes(image.path) ? [] : [index]));
  const taken = childrenOf(devices, "disk").map((device) => attributeOf(device, "target", "dev") ?? "");
  const added = missing.flatMap((index) => disks[index] ?? []);
  const targets = targetNames(added, taken);
  return missing.flatMap((index, nth) => {
    const [disk, image] = [disks[index], images[index]];
    return disk === undefined || image === undefined
      ? []
      : [diskXml(disk, image, targets[nth] ?? "", bootOrder(index))];
  });
}

/** Undefined when no NIC of the inputs has its MAC address. */
function updatedNic(device: Element, { nics }: MachineInputs, macs: readonly string[]): Element | undefined {
  const network = nics[macs.indexOf(macOf(device))]?.network;
  return network === undefined ? undefined : withChild(device, "source", el("source", { network }));
}

function addedNics(devices: Element, { nics }: MachineInputs, macs: readonly string[]): Element[] {
  const present = childrenOf(devices, "interface").map(macOf);
  return nics.flatMap(({ network }, index) => {
    const mac = macs[index] ?? "";
    return present.includes(mac) ? [] : [nicXml(network, mac)];
  });
}

export function macOf(device: Element): string {
  return (attributeOf(device, "mac", "address") ?? "").toLowerCase();
}

export function isDisk(device: Element): boolean {
  return device.name === "disk" && (device.attributes["device"] ?? "disk") === "disk";
}

function isCdrom(device: Element): boolean {
  return device.name === "disk" && device.attributes["device"] === "cdrom";
}

export function isFirstSerial(device: Element): boolean {
  return device.name === "serial" && (attributeOf(device, "target", "port") ?? "0") === "0";
}

function isInstallerLog(device: Element): boolean {
  return device.name === "serial" && attributeOf(device, "target", "port") === "1";
}

function withSourcePath(device: Element, path: string): Element {
  const source = find(device, "source");
  return source === undefined ? device : withChild(device, "source", withAttributes(source, { path }));
}
