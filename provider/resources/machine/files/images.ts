import { type Element, textOf } from "../../../format/xml";
import type { InstallationDisk } from "../../../install/installation";
import { isMirrored } from "../../../install/shared/disk";
import { disksOf, volumeOf } from "../../../libvirt/domain";
import { formatOf } from "../../../libvirt/images";
import { missingVolume, volumeNamed } from "../../../libvirt/look-up";
import type { Host } from "../../../resource/host";
import { KvmError, NotFound } from "../../../values/errors";
import type { Image } from "../definition/disk";
import type { Facts } from "../schema/actual";
import type { MachineDisk, MachineInputs } from "../schema/machine";

type Formats = Facts["volumeFormats"];

/**
 * The volumes among the disks with their places and formats, by their ids. @param known their formats at the last
 * deployment
 */
export async function volumesOf(
  host: Host,
  { disks }: Pick<MachineInputs, "disks">,
  known: Formats = {},
): Promise<Pick<Facts, "volumePaths" | "volumeFormats">> {
  const images = await Promise.all(disks.map((disk, index) => findImage(host, disk, `disks[${index}]`, known)));
  const ofVolumes = (part: keyof Image) =>
    Object.fromEntries(
      disks.flatMap(({ volume }, index) => (volume === undefined ? [] : [[volume, images[index]?.[part] ?? ""]])),
    );
  return { volumePaths: ofVolumes("path"), volumeFormats: ofVolumes("format") };
}

/** The paths of the volumes that a definition names, by their ids. Missing volumes are left out. */
export async function volumesNamedIn(
  { libvirt }: Host,
  definition: Element | undefined,
): Promise<Facts["volumePaths"]> {
  const ids = definition === undefined ? [] : disksOf(definition).flatMap((disk) => volumeOf(disk) ?? []);
  const paths = await Promise.all(ids.map(async (id) => textOf(await volumeNamed(libvirt, id), "target/path")));
  return Object.fromEntries(ids.flatMap((id, index) => (paths[index] === undefined ? [] : [[id, paths[index] ?? ""]])));
}

/**
 * The images that an installation may erase, by the paths of their inputs. Missing images are left out.
 * @param where undefined if it isn't known where the installation installs
 * @param named disks whose content the user has released already
 */
export async function imagesAtRisk(
  host: Host,
  { disks }: Pick<MachineInputs, "disks">,
  where: InstallationDisk,
  named: readonly MachineDisk[] = [],
): Promise<(readonly [string, Image])[]> {
  const atRisk = disksAtRisk(disks, where);
  const found = disks.map(async (disk, index) => {
    if (!atRisk.includes(index) || named.some((each) => isSameImage(each, disk))) return [];
    const property = `disks[${index}]`;
    const image = await imageIfThere(host, disk, property);
    return image === undefined ? [] : [[imageProperty(disk, property), image] as const];
  });
  return (await Promise.all(found)).flat();
}

/**
 * The disks that an installation may erase: those that its options name; all, if only the answers themselves describe the
 * partitions; otherwise the first one (of an array: two), and the disks that the guest's kernel may count before it. SATA,
 * SCSI and USB disks have common names (sda) in the order of their answers, and come before those of virtio (vda).
 */
export function disksAtRisk(disks: MachineInputs["disks"], where: InstallationDisk): number[] {
  if (where?.devices !== undefined) {
    const named = where.devices.map((device) => disksNamed(device, disks));
    return [...disks.keys()].filter((index) => named.some((each) => each.includes(index)));
  }
  if (where?.layout === "custom") return disks.flatMap(({ readOnly }, index) => (readOnly ? [] : [index]));
  const count = where !== undefined && isMirrored(where) ? 2 : 1;
  const [first] = disks;
  const isBefore = ({ bus, readOnly }: MachineDisk) => !readOnly && bus !== "virtio" && bus !== first?.bus;
  return disks.flatMap((disk, index) => (index < count || isBefore(disk) ? [index] : []));
}

/** The disks that may have that name in the guest: all that could, if the name alone does not identify one. */
function disksNamed(device: string, disks: MachineInputs["disks"]): number[] {
  const all = [...disks.keys()];
  const isVirtio = (index: number) => disks[index]?.bus === "virtio";
  const [, bus, letter = ""] = /^\/dev\/(vd|sd)([a-z])$/.exec(device) ?? [];
  const found =
    bus === "vd"
      ? all.filter(isVirtio).filter((_, nth) => String.fromCharCode(97 + nth) === letter)
      : bus === "sd"
        ? all.filter((index) => !isVirtio(index))
        : withSerialIn(device, disks);
  return found.length === 0 ? all : found;
}

/** A link such as `/dev/disk/by-id/virtio-SERIAL`. */
function withSerialIn(device: string, disks: MachineInputs["disks"]): number[] {
  return [...disks.keys()].filter((index) => {
    const serial = disks[index]?.serial?.replaceAll(" ", "_");
    return serial !== undefined && device.endsWith(serial);
  });
}

/** Whether two inputs are of the same disk. */
export function isSameImage(one: MachineDisk, other: MachineDisk): boolean {
  return one.volume === other.volume && one.file === other.file;
}

/** The path of the input that names a disk's image. */
export function imageProperty({ volume }: MachineDisk, property: string): string {
  return `${property}.${volume === undefined ? "file" : "volume"}`;
}

/** The image of a disk; undefined if it is missing, because another resource of the program may create it. */
export async function imageIfThere(host: Host, disk: MachineDisk, property: string): Promise<Image | undefined> {
  try {
    return await findImage(host, disk, property, {});
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

/** @param formats the formats of other owners' volumes at the last deployment, by the volume's id */
async function findImage(
  host: Host,
  { volume: id, file = "", format }: MachineDisk,
  property: string,
  formats: Formats,
): Promise<Image> {
  if (id === undefined) return { path: file, format: format ?? "raw" };
  const volume = await volumeNamed(host.libvirt, id);
  if (volume === undefined) throw missingVolume(id, `${property}.volume`);
  if (volume.attributes["type"] === "network")
    throw new KvmError("unsupported", `volume "${id}" is on network storage, and such disks are not supported yet`, {
      property: `${property}.volume`,
      remedy: "Move it to a pool of files or devices of the host",
    });
  const [pool = "", name = ""] = id.split("/");
  const place = { path: textOf(volume, "target/path") ?? "", pool, name };
  const said = format ?? formats[id];
  return { path: place.path, format: await formatOf(host, { volume, place }, said, `${property}.format`) };
}
