import { merged } from "../../../format/merge";
import { attributeOf, el, type Element, find, mapChildren, withAttributes, withChild } from "../../../format/xml";
import { devicesOf, disksOf, imagePathOf, targetOf } from "../../../libvirt/domain";
import type { Facts, OnHost, Previous } from "../schema/actual";
import type { MachineInputs } from "../schema/machine";
import { isInstallerLog } from "./consoles";
import { hasPcie, isPciePort } from "./controllers";
import { isChipsetsWatchdog } from "./devices";
import { isInstallerDrive, targetNames } from "./disk";
import { identity } from "./identity";
import { machineXml } from "./xml";

/**
 * The present definition with what the inputs say now. It is edited, not made anew, so that device addresses (and with
 * them the guest's names of its devices) and all that isn't modelled here stay as they are.
 * @param previous the last deployment; what that had and the inputs no longer have is taken out
 */
export function updated(domain: Element, desired: MachineInputs, actual: OnHost, previous?: Made): Element {
  const before = previous && definitionOf(previous.inputs, { ...actual, ...substanceOf(previous) }, domain);
  const after = definitionOf(desired, actual, domain);
  const present = withOneWatchdogAction(bootingByDevice(domain, after), before, after);
  return merged(present, before, after, identity);
}

/** Of the last deployment, what its definition was made from. */
type Made = Pick<Previous, "inputs"> & {
  readonly facts: Pick<Facts, "macAddresses" | "volumePaths" | "volumeFormats">;
};

function substanceOf({ facts: { macAddresses, volumePaths, volumeFormats } }: Made) {
  return { macAddresses, volumePaths, volumeFormats };
}

/**
 * All watchdogs of a machine must do the same, also the chipset's, which libvirt adds by itself. One that was only set
 * for the sake of another goes back to what libvirt gives it.
 */
function withOneWatchdogAction(present: Element, before: Element | undefined, after: Element): Element {
  const actionIn = (domain: Element | undefined) => attributeOf(domain, "devices/watchdog", "action");
  const action = actionIn(after) ?? (actionIn(before) === undefined ? undefined : "reset");
  if (action === undefined) return present;
  return mapDevices(present, (device) =>
    device.name === "watchdog" && isChipsetsWatchdog(device) ? withAttributes(device, { action }) : device,
  );
}

/** The machine as it runs after its installation: the medium and the port of the installer's log are out. */
export function installed(domain: Element): Element {
  return mapDevices(domain, (device) => {
    if (isInstallerDrive(device)) return withChild(withChild(device, "source", undefined), "boot", undefined);
    return isInstallerLog(device) ? undefined : device;
  });
}

/** Whether it is emulated stays as it is where the inputs don't say. */
function definitionOf(inputs: MachineInputs, actual: OnHost, present: Element): Element {
  const domainType = inputs.domainType ?? (present.attributes["type"] === "kvm" ? "kvm" : "qemu");
  return aligned(machineXml(inputs, { ...actual, domainType }), present);
}

/** What libvirt chose is chosen again: the machine's version, the names of disks, the numbers of ports. */
function aligned(wanted: Element, present: Element): Element {
  const type = find(wanted, "os/type") ?? el("type");
  const machine = attributeOf(present, "os/type", "machine") ?? type.attributes["machine"];
  const os = withChild(find(wanted, "os") ?? el("os"), "type", withAttributes(type, { machine }));
  const nameDisk = namesOfDisks(wanted, present);
  const numberPort = numbersOfPorts(wanted, present);
  return mapDevices(withChild(wanted, "os", os), (device) =>
    isPciePort(device) && !hasPcie(present) ? undefined : numberPort(nameDisk(device)),
  );
}

type Choose = (device: Element) => Element;

/** A disk is the one with its image on its bus; of drives, whose media change, the one at its place. */
function namesOfDisks(wanted: Element, present: Element): Choose {
  const there = disksOf(present);
  const free = new Set(there.filter((device) => !isInstallerDrive(device)));
  const taken = there.map(targetOf);
  const names = new Map<Element, string>();
  for (const device of disksOf(wanted)) {
    const same = [...free].find((candidate) => isSameDisk(candidate, device));
    if (same === undefined) continue;
    free.delete(same);
    names.set(device, targetOf(same));
  }
  const others = disksOf(wanted).filter((device) => !names.has(device));
  const chosen = targetNames(
    others.map((device) => ({ bus: busOf(device) })),
    taken,
  );
  others.forEach((device, index) => names.set(device, chosen[index] ?? ""));
  return (device) => {
    const dev = names.get(device);
    const target = find(device, "target");
    return dev === undefined || target === undefined
      ? device
      : withChild(device, "target", withAttributes(target, { dev }));
  };
}

function isSameDisk(one: Element, other: Element): boolean {
  const kind = one.attributes["device"] ?? "disk";
  if (kind !== other.attributes["device"] || busOf(one) !== busOf(other)) return false;
  return kind === "cdrom" || imagePathOf(one) === imagePathOf(other);
}

/** Ports that are there count first; new ones get numbers that no controller has. */
function numbersOfPorts(wanted: Element, present: Element): Choose {
  const buses = devicesOf(present, "controller").filter(({ attributes }) => attributes["type"] === "pci");
  const own = buses
    .filter(isPciePort)
    .map(indexOf)
    .sort((one, other) => one - other);
  const next = Math.max(0, ...buses.map(indexOf)) + 1;
  const ports = devicesOf(wanted, "controller").filter(isPciePort);
  return (device) => {
    const nth = ports.indexOf(device);
    return nth === -1 ? device : withAttributes(device, { index: own[nth] ?? next + nth - own.length });
  };
}

/** libvirt adds an order of its own where no device has one, and refuses both together. */
function bootingByDevice(domain: Element, after: Element): Element {
  const hasOrder = devicesOf(after).some((device) => find(device, "boot") !== undefined);
  const os = find(domain, "os");
  return !hasOrder || os === undefined ? domain : withChild(domain, "os", withChild(os, "boot", undefined));
}

function mapDevices(domain: Element, map: (device: Element) => Element | undefined): Element {
  return withChild(domain, "devices", mapChildren(find(domain, "devices") ?? el("devices"), map));
}

function busOf(device: Element): string {
  return attributeOf(device, "target", "bus") ?? "";
}

function indexOf({ attributes }: Element): number {
  return Number(attributes["index"] ?? 0);
}
