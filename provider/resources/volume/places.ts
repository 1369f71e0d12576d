import { at, inside, number, type Place, type Places, read, write } from "../../format/place";
import { el, type Element } from "../../format/xml";
import { volumeBase, volumeFormat, volumePath, volumeType } from "../../libvirt/storage";
import { formatSize, parseSize, type Size } from "../../values/units";
import type { VolumeInputs } from "./schema";

export type Format = VolumeInputs["format"];

/** The base, found on the host. */
export interface BackingImage {
  readonly path: string;
  readonly format: Format;
}

/** The content of an image's XML: the inputs, in the host's terms. */
export interface Image {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Its bytes that are allocated at once. */
  readonly preallocate: number;
  readonly format: Format;
  readonly backing?: BackingImage | undefined;
}

/** The inputs that libvirt keeps; each has its place. */
type Kept = Omit<VolumeInputs, "connection" | "adopt" | "deleteAdopted" | "pool" | "source">;

const capacity = bytesAt("capacity");

const places: Places<Image> & Readonly<Record<keyof Kept, unknown>> = {
  name: at("name"),
  size: capacity,
  // Without the element libvirt fills raw images with zeros at once.
  preallocate: bytesAt("allocation"),
  // Devices have none: they are raw.
  format: formatAt(volumeFormat, "raw"),
  backing: inside<BackingImage>("backingStore", {
    path: at("path"),
    format: formatAt(at("format/@type"), "qcow2"),
  }),
};

function bytesAt(path: string): Place<number> {
  const { write, read } = at(path, number);
  return { write: (element, bytes) => write(at(`${path}/@unit`).write(element, "bytes"), bytes), read };
}

/** @param other the format for everything that is neither qcow2 nor raw */
function formatAt({ write, read }: Place<string>, other: Format): Place<Format> {
  return { write, read: (element) => formats.find((format) => format === read(element)) ?? other };
}

const formats = ["qcow2", "raw"] as const;

export function volumeXml(image: Image): Element {
  return write(el("volume"), places, image);
}

/**
 * The actual inputs; those that libvirt can't report are taken from the given ones.
 * @param expected the image of the base that the inputs name
 */
export function readVolume(volume: Element, inputs: VolumeInputs, expected: BackingImage | undefined): VolumeInputs {
  const { size, backing: desired, ...others } = inputs;
  const { name = inputs.name, backing } = read(volume, places);
  // The content of a raw image belongs to its guest.
  const isBased = inputs.format !== "raw" && backing !== undefined && (volumeBase.read(volume) ?? "") !== "";
  return {
    ...others,
    name,
    ...(size === undefined ? {} : { size: sizeAs(size, volume, inputs.format) }),
    ...(isBased ? { backing: backingAs(desired, backing, expected) } : {}),
  };
}

export function pathOf(volume: Element): string {
  return volumePath.read(volume) ?? "";
}

/** For a raw image libvirt's capacity may follow from its content; the size for the guest is its length. */
export function bytesOf(volume: Element, format: string): number {
  const isFile = format === "raw" && volumeType.read(volume) !== "network";
  return (isFile ? at("physical", number).read(volume) : undefined) ?? capacity.read(volume) ?? 0;
}

/** The format according to libvirt. */
export function formatIn(volume: Element): Format {
  return places.format.read(volume) ?? "raw";
}

/**
 * Images consist of sectors, logical volumes of extents (4 MiB, or more in large groups): a rounded size is the same
 * size.
 */
const roundings = { file: 512, block: 32 * 2 ** 20 } as const;

function sizeAs(desired: Size, volume: Element, format: Format): Size {
  const bytes = bytesOf(volume, format);
  const surplus = bytes - (parseSize(desired) ?? 0);
  const rounding = volumeType.read(volume) === "block" ? roundings.block : roundings.file;
  return surplus >= 0 && surplus < rounding ? desired : formatSize(bytes);
}

/** The desired base keeps its form, volume or path, while its image is the actual base. */
function backingAs(
  desired: VolumeInputs["backing"],
  { path, format }: BackingImage,
  expected: BackingImage | undefined,
): VolumeInputs["backing"] {
  return desired !== undefined && path === expected?.path ? { ...desired, format } : { path, format };
}
