import type { Identity } from "../../../format/merge";
import { attributeOf, type Element, find } from "../../../format/xml";
import { own } from "../../../values/keys";
import { isChipsetsWatchdog } from "./devices";

type Tell = (element: Element) => string | undefined;

const named: Tell = ({ attributes }) => attributes["name"];

/** What tells devices and other elements apart that a domain has several of. */
const keys: Readonly<Record<string, Tell>> = {
  disk: (disk) => attributeOf(disk, "target", "dev"),
  interface: (nic) => attributeOf(nic, "mac", "address")?.toLowerCase(),
  controller: keyOfController,
  filesystem: (filesystem) => attributeOf(filesystem, "target", "dir"),
  serial: (serial) => attributeOf(serial, "target", "port"),
  // The first serial port is one too; libvirt numbers them as it likes.
  console: (console) => attributeOf(console, "target", "type"),
  channel: (channel) => attributeOf(channel, "target", "name"),
  watchdog: (watchdog) => (isChipsetsWatchdog(watchdog) ? "chipset" : undefined),
  hostdev: (device) => JSON.stringify(find(device, "source")?.children),
  feature: named,
  timer: named,
  cell: ({ attributes }) => attributes["id"],
  tag: ({ attributes }) => attributes["id"],
};

/** Without an index it is the first of its type; but of PCI that is the root, which nobody means. */
function keyOfController({ attributes: { type, index } }: Element): string | undefined {
  const place = type === "pci" ? index : (index ?? "0");
  return type === undefined || place === undefined ? undefined : `${type} ${place}`;
}

/** Of another model, a device is another one: what libvirt has added to the old one doesn't fit it. */
const kinds: Readonly<Record<string, Tell>> = {
  cpu: ({ attributes }) => attributes["mode"],
  clock: ({ attributes }) => attributes["offset"],
  graphics: ({ attributes }) => attributes["type"],
  video: (video) => attributeOf(video, "model", "type"),
  sound: ({ attributes }) => attributes["model"],
  watchdog: ({ attributes }) => attributes["model"],
  tpm: ({ attributes }) => attributes["model"],
  filesystem: (filesystem) => attributeOf(filesystem, "driver", "type") ?? "9p",
};

export const identity: Identity = {
  keyOf: (element) => own(keys, element.name)?.(element),
  kindOf: (element) => own(kinds, element.name)?.(element),
};
