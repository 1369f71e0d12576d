import { isDeepStrictEqual } from "node:util";
import { attributeOf, type Element, find, mapChildren, withAttributes, withChild } from "../../../format/xml";
import { devicesOf, isDisk, macOf, targetOf } from "../../../libvirt/domain";
import { disksInBootOrder } from "../definition/boot";

/** One change of the running machine's devices. */
export interface DeviceStep {
  readonly kind: "attach-device" | "detach-device" | "update-device";
  /** The input of the device. */
  readonly field: "disks" | "cdroms" | "nics" | "graphics";
  /** Identifies the device, in the definition and in force. */
  readonly key: string;
  readonly device: Element;
}

interface Hotplug {
  readonly field: DeviceStep["field"];
  readonly keyOf: (device: Element) => string;
  /** The parts that can change while the machine runs: child elements, or the password of a screen with one. */
  readonly parts: readonly string[];
}

const hotplugs = {
  disk: { field: "disks", keyOf: sourceOf, parts: [] },
  cdrom: { field: "cdroms", keyOf: targetOf, parts: ["source"] },
  interface: { field: "nics", keyOf: macOf, parts: ["source", "link", "bandwidth", "filterref"] },
  controller: { field: "disks", keyOf: ({ attributes }) => `scsi ${attributes["index"] ?? "0"}`, parts: [] },
  graphics: { field: "graphics", keyOf: (screen) => screen.attributes["type"] ?? "", parts: ["passwd"] },
} as const satisfies Readonly<Record<string, Hotplug>>;

function hotplugOf(device: Element): Hotplug | undefined {
  const { name } = device;
  if (name === "interface" || name === "graphics") return hotplugs[name];
  // libvirt attaches no other kind.
  if (isScsi(device)) return hotplugs.controller;
  if (name !== "disk") return undefined;
  return isDisk(device) ? hotplugs.disk : hotplugs.cdrom;
}

/** False for drives, and for disks on buses without hotplug. @param actual the devices of the machine */
function canComeAndGo(device: Element, actual: readonly Element[]): boolean {
  const hotplug = hotplugOf(device);
  if (hotplug !== hotplugs.disk) return hotplug === hotplugs.interface || hotplug === hotplugs.controller;
  const bus = attributeOf(device, "target", "bus") ?? "";
  return bus === "usb" ? actual.some((other) => isController(other, "usb")) : ["virtio", "scsi"].includes(bus);
}

function isScsi(device: Element): boolean {
  return isController(device, "scsi");
}

function isController({ name, attributes: { type, model } }: Element, kind: "scsi" | "usb"): boolean {
  return name === "controller" && type === kind && model !== "none";
}

/** Undefined for devices that always wait for a restart. */
export function deviceKey(device: Element): string | undefined {
  const hotplug = hotplugOf(device);
  return hotplug && `${device.name} ${hotplug.keyOf(device)}`;
}

/** The image, not the name: an attached disk may get the name of a detached one. */
function sourceOf(disk: Element): string {
  const { file, dev, pool, volume, name } = find(disk, "source")?.attributes ?? {};
  return [file, dev, pool, volume, name].filter((part) => part !== undefined).join(" ");
}

/**
 * @param ours keys of the devices that may be detached: a device that another program has attached only to the running
 * machine stays
 */
export function deviceSteps(live: Element, after: Element, ours: readonly string[]): DeviceStep[] {
  const [actual, desired] = [devicesOf(live), devicesOf(after)];
  // A controller without disks may stay until the next restart.
  const removed = actual.filter(
    (device) => device.name !== "controller" && canComeAndGo(device, actual) && sameIn(desired, device) === undefined,
  );
  const added = desired.filter((device) => canComeAndGo(device, actual) && sameIn(actual, device) === undefined);
  const changed = desired.flatMap((device) => changedDevice(sameIn(actual, device), device) ?? []);
  // Detachments come first, because they free names and slots. A controller comes before its disks.
  return [
    ...removed
      .filter((device) => ours.includes(deviceKey(device) ?? ""))
      .map((device) => step("detach-device", device)),
    ...changed.map((device) => step("update-device", device)),
    ...[...added.filter(isScsi), ...added.filter((device) => !isScsi(device))].map((device) =>
      step("attach-device", withFreeAddress(withFreePlace(device, actual), actual)),
    ),
  ];
}

function step(kind: DeviceStep["kind"], device: Element): DeviceStep {
  return { kind, field: hotplugOf(device)?.field ?? "disks", key: deviceKey(device) ?? "", device };
}

/** Whether the step has reached its goal in the devices in force. */
export function hasFollowed({ kind, device }: DeviceStep, live: Element): boolean {
  const actual = sameIn(devicesOf(live), device);
  if (kind === "detach-device") return actual === undefined;
  return actual !== undefined && (kind === "attach-device" || changedDevice(actual, device) === undefined);
}

function sameIn(devices: readonly Element[], device: Element): Element | undefined {
  const key = deviceKey(device);
  return key === undefined ? undefined : devices.find((other) => deviceKey(other) === key);
}

/** The device in force with the changed parts of the definition; undefined if none has changed. */
function changedDevice(live: Element | undefined, desired: Element): Element | undefined {
  const parts = hotplugOf(desired)?.parts ?? [];
  const different = parts.filter((name) => isOther(live, desired, name));
  if (live === undefined || different.length === 0) return undefined;
  // An empty drive in force has lost the format of its medium.
  const taken = desired.name === "disk" ? [...different, "driver"] : different;
  return taken.reduce((device, name) => withPart(device, name, desired), live);
}

function isOther(live: Element | undefined, desired: Element, name: string): boolean {
  if (name !== "passwd") return !isDeepStrictEqual(essence(live, name), essence(desired, name));
  const [now, next] = [live?.attributes["passwd"], desired.attributes["passwd"]];
  return now !== undefined && next !== undefined && now !== next;
}

function withPart(device: Element, name: string, desired: Element): Element {
  const { passwd, type } = desired.attributes;
  if (name === "passwd") return withAttributes(device, { passwd });
  const taken = withChild(device, name, find(desired, name));
  return name === "source" ? withAttributes(taken, { type }) : taken;
}

/** A part without runtime details, and with libvirt's defaults. */
function essence(device: Element | undefined, name: string): unknown {
  const part = find(device, name);
  if (name === "link") return part?.attributes["state"] ?? "up";
  if (name !== "source" || part === undefined) return part;
  const onlyLive = device?.attributes["type"] === "network" ? ["portid", "bridge"] : ["portid", "index"];
  const kept = Object.entries(part.attributes).filter(([key]) => !onlyLive.includes(key));
  // A drive that was emptied while the machine runs keeps an element without content.
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

/** libvirt attaches no device whose place in the boot order another one has. Until the next restart it has none then. */
function withFreePlace(device: Element, actual: readonly Element[]): Element {
  const order = attributeOf(device, "boot", "order");
  const isTaken = order !== undefined && actual.some((other) => attributeOf(other, "boot", "order") === order);
  return isTaken ? withChild(device, "boot", undefined) : device;
}

/**
 * With its address in the definition, the guest finds the device under the same name after a restart. If the running
 * machine has no such slot, or another device in it, libvirt chooses a slot.
 */
function withFreeAddress(device: Element, actual: readonly Element[]): Element {
  const address = find(device, "address");
  if (address === undefined) return device;
  const isTaken = actual.some((other) => isDeepStrictEqual(find(other, "address"), address));
  return isTaken || !hasSlot(actual, address) ? withChild(device, "address", undefined) : device;
}

function hasSlot(actual: readonly Element[], { attributes: { type, bus } }: Element): boolean {
  const isItsBus = ({ attributes }: Element) =>
    attributes["type"] === "pci" && Number(attributes["index"]) === Number(bus);
  return type !== "pci" || actual.some((device) => device.name === "controller" && isItsBus(device));
}

/** Names of the devices whose change waits for a restart: those that can't be attached, or whose fixed parts change. */
export function fixedDevices(before: Element, after: Element): string[] {
  const [actual, desired] = [devicesOf(before), devicesOf(after)];
  const ignored = bootAlike(actual, desired) ? ["boot"] : [];
  const partsOf = (device: Element) => fixedParts(device, ignored);
  const [olds, news] = [actual.map(partsOf), desired.map(partsOf)];
  const different = [...without(olds, news), ...without(news, olds)];
  const waiting = different.filter((device) => {
    const stays = sameIn(olds, device) !== undefined && sameIn(news, device) !== undefined;
    return stays || !canComeAndGo(device, actual);
  });
  return [...new Set(waiting.map(({ name }) => `devices/${name}`))];
}

/** Whether the places in the boot order only follow from the disks that are there. */
function bootAlike(before: readonly Element[], after: readonly Element[]): boolean {
  const [olds = [], news = []] = [before, after].map((devices) => disksInBootOrder(devices)?.map(sourceOf));
  const [oldsLeft, newsLeft] = [olds.filter((disk) => news.includes(disk)), news.filter((disk) => olds.includes(disk))];
  return olds.length > 0 && olds[0] === news[0] && isDeepStrictEqual(oldsLeft, newsLeft);
}

function without(devices: readonly Element[], others: readonly Element[]): Element[] {
  return devices.filter((device) => !others.some((other) => isDeepStrictEqual(device, other)));
}

function fixedParts(device: Element, ignored: readonly string[]): Element {
  const parts = [...(hotplugOf(device)?.parts ?? []), ...ignored];
  const { type, passwd } = device.attributes;
  const plain = withAttributes(device, {
    // On a bridge of libvirt or of the host: a NIC can move between them.
    type: device.name === "interface" && type === "network" ? "bridge" : type,
    // A screen's password can change, but not be added or removed.
    passwd: passwd === undefined ? undefined : "",
  });
  return mapChildren(plain, (child) => (parts.includes(child.name) ? undefined : child));
}
