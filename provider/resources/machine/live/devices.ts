import { isDeepStrictEqual } from "node:util";
import { attributeOf, type Element, find, mapChildren, withAttributes, withChild } from "../../../format/xml";
import { devicesOf, isDisk, macOf, targetOf } from "../../../libvirt/domain";

/** One change of the running machine's devices. */
export interface DeviceStep {
  readonly kind: "attach-device" | "detach-device" | "update-device";
  /** The input that it is for. */
  readonly field: "disks" | "cdroms" | "nics" | "graphics";
  /** Tells the device from others, in the definition and in force. */
  readonly key: string;
  readonly device: Element;
}

interface Hotplug {
  readonly field: DeviceStep["field"];
  readonly keyOf: (device: Element) => string;
  /** What a running machine can take over: child elements, or the password of a screen that has one. */
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
  // libvirt plugs no other kind.
  if (isScsi(device)) return hotplugs.controller;
  if (name !== "disk") return undefined;
  return isDisk(device) ? hotplugs.disk : hotplugs.cdrom;
}

/** Not drives, nor disks on buses that are wired for good. @param actual the machine's devices, to one of which it is plugged */
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

/** Undefined for devices that have to wait for a restart in any case. */
export function deviceKey(device: Element): string | undefined {
  const hotplug = hotplugOf(device);
  return hotplug && `${device.name} ${hotplug.keyOf(device)}`;
}

/** The image, not the name: the name of a disk that goes may be given to one that comes. */
function sourceOf(disk: Element): string {
  const { file, dev, pool, volume, name } = find(disk, "source")?.attributes ?? {};
  return [file, dev, pool, volume, name].filter((part) => part !== undefined).join(" ");
}

/**
 * @param ours keys of the devices that may be taken out: what another program has plugged into the running machine alone
 *   stays
 */
export function deviceSteps(live: Element, after: Element, ours: readonly string[]): DeviceStep[] {
  const [actual, desired] = [devicesOf(live), devicesOf(after)];
  // A controller without disks is in nobody's way until the next restart.
  const removed = actual.filter(
    (device) => device.name !== "controller" && canComeAndGo(device, actual) && sameIn(desired, device) === undefined,
  );
  const added = desired.filter((device) => canComeAndGo(device, actual) && sameIn(actual, device) === undefined);
  const changed = desired.flatMap((device) => changedDevice(sameIn(actual, device), device) ?? []);
  // What goes first frees names and slots for what comes. A controller comes before its disks.
  return [
    ...removed
      .filter((device) => ours.includes(deviceKey(device) ?? ""))
      .map((device) => step("detach-device", device)),
    ...changed.map((device) => step("update-device", device)),
    ...[...added.filter(isScsi), ...added.filter((device) => !isScsi(device))].map((device) =>
      step("attach-device", withFreeAddress(device, actual)),
    ),
  ];
}

function step(kind: DeviceStep["kind"], device: Element): DeviceStep {
  return { kind, field: hotplugOf(device)?.field ?? "disks", key: deviceKey(device) ?? "", device };
}

/** Whether the devices in force are as the step would make them. */
export function hasFollowed({ kind, device }: DeviceStep, live: Element): boolean {
  const actual = sameIn(devicesOf(live), device);
  if (kind === "detach-device") return actual === undefined;
  return actual !== undefined && (kind === "attach-device" || changedDevice(actual, device) === undefined);
}

function sameIn(devices: readonly Element[], device: Element): Element | undefined {
  const key = deviceKey(device);
  return key === undefined ? undefined : devices.find((other) => deviceKey(other) === key);
}

/** The device in force with those parts of the definition that it can take over; undefined when it has them. */
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

/** A part without what only a running machine has, and with what is so by default. */
function essence(device: Element | undefined, name: string): unknown {
  const part = find(device, name);
  if (name === "link") return part?.attributes["state"] ?? "up";
  if (name !== "source" || part === undefined) return part;
  const onlyLive = device?.attributes["type"] === "network" ? ["portid", "bridge"] : ["portid", "index"];
  const kept = Object.entries(part.attributes).filter(([key]) => !onlyLive.includes(key));
  // A drive that was emptied while the machine runs keeps an element without content.
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

/**
 * With its address in the definition the guest finds it under the same name after a restart. Where the running machine
 * has no such slot, or another device in it, libvirt chooses one.
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

/** Names of the devices that can't follow while the machine runs: what can't be plugged, or changes in its fixed parts. */
export function fixedDevices(before: Element, after: Element): string[] {
  const actual = devicesOf(before);
  const [olds, news] = [actual.map(fixedParts), devicesOf(after).map(fixedParts)];
  const different = [...without(olds, news), ...without(news, olds)];
  const waiting = different.filter((device) => {
    const stays = sameIn(olds, device) !== undefined && sameIn(news, device) !== undefined;
    return stays || !canComeAndGo(device, actual);
  });
  return [...new Set(waiting.map(({ name }) => `devices/${name}`))];
}

function without(devices: readonly Element[], others: readonly Element[]): Element[] {
  return devices.filter((device) => !others.some((other) => isDeepStrictEqual(device, other)));
}

function fixedParts(device: Element): Element {
  const parts = hotplugOf(device)?.parts ?? [];
  const { type, passwd } = device.attributes;
  const plain = withAttributes(device, {
    // On a bridge of libvirt's or of the host's: a NIC moves between them.
    type: device.name === "interface" && type === "network" ? "bridge" : type,
    // A screen is served with a password or without, for good.
    passwd: passwd === undefined ? undefined : "",
  });
  return mapChildren(plain, (child) => (parts.includes(child.name) ? undefined : child));
}
