import { attributeOf, type Element, textOf } from "../../format/xml";
import { formatSize, parseSize, type Size } from "../../values/units";
import type { VolumeInputs } from "./schema";
import type { BackingImage } from "./xml";

/**
 * The inputs as libvirt has them now; what it can't tell stays as it is.
 * @param expected where the image lies that the inputs name as the base
 */
export function readVolume(volume: Element, inputs: VolumeInputs, expected: BackingImage | undefined): VolumeInputs {
  const { connection, pool, adopt, deleteAdopted, format, preallocate, source, size } = inputs;
  // What a raw image looks like is its guest's affair.
  const backing = format === "raw" ? undefined : backingIn(volume, inputs, expected);
  return {
    connection,
    name: textOf(volume, "name") ?? inputs.name,
    adopt,
    deleteAdopted,
    pool,
    format,
    ...(size === undefined ? {} : { size: sizeIn(volume, format, size) }),
    preallocate,
    ...(source === undefined ? {} : { source }),
    ...(backing === undefined ? {} : { backing }),
  };
}

export function pathOf(volume: Element): string {
  return textOf(volume, "target/path") ?? "";
}

/** Of a raw image libvirt's capacity may be what its content says; its length is what the guest sees. */
export function bytesOf(volume: Element, format: string): number {
  const length = format === "raw" && volume.attributes["type"] !== "network" ? textOf(volume, "physical") : undefined;
  return Number(length ?? textOf(volume, "capacity"));
}

/** What libvirt takes it for. Devices have none: they are raw. */
export function formatIn(volume: Element): VolumeInputs["format"] {
  return attributeOf(volume, "target/format", "type") === "qcow2" ? "qcow2" : "raw";
}

/** Images consist of sectors, logical volumes of extents (4 MiB, or more in large groups): what is rounded up is the same. */
const roundings = { file: 512, block: 32 * 2 ** 20 } as const;

function sizeIn(volume: Element, format: string, wanted: Size): Size {
  const bytes = bytesOf(volume, format);
  const surplus = bytes - (parseSize(wanted) ?? 0);
  const rounding = volume.attributes["type"] === "block" ? roundings.block : roundings.file;
  return surplus >= 0 && surplus < rounding ? wanted : formatSize(bytes);
}

function backingIn(
  volume: Element,
  { backing }: VolumeInputs,
  expected: BackingImage | undefined,
): VolumeInputs["backing"] {
  const path = textOf(volume, "backingStore/path");
  if (path === undefined || path === "") return undefined;
  const format = attributeOf(volume, "backingStore/format", "type") === "raw" ? "raw" : "qcow2";
  return backing !== undefined && path === expected?.path ? { ...backing, format } : { path, format };
}
