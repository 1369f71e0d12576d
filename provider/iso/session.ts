import { KvmError } from "../values/errors";

/** Bytes of a sector, the unit of all positions in an ISO. */
export const sector = 2048;
/** Writers of ISOs start a session at a whole cluster. */
const cluster = 32;
/** The volume descriptors follow 16 sectors for boot loaders and partition tables. */
const firstDescriptor = 16;
/** More than any ISO has; descriptors without an end are damaged. */
const mostDescriptors = 16;

const kinds = { bootRecord: 0, primary: 1, terminator: 255 } as const;

/** The number of sectors in a primary volume descriptor: as little endian, then as big endian. */
const volumeSize = 80;
/** The tree in a primary volume descriptor: the path tables and the record of the root directory. */
const tree = { from: 132, to: 190 } as const;
/** The area of a primary volume descriptor for applications. */
const applicationUse = { from: 883, to: 1395 } as const;

/** The position of that area in an ISO, whose first descriptor is the primary one. */
export const applicationArea = {
  offset: firstDescriptor * sector + applicationUse.from,
  length: applicationUse.to - applicationUse.from,
} as const;

/** The position of the volume descriptors in an ISO. */
export const descriptorArea = { offset: firstDescriptor * sector, length: mostDescriptors * sector } as const;

/** The sector at which a session is appended to an image of that many bytes. */
export function sessionStart(imageBytes: number): number {
  return Math.ceil(imageBytes / (sector * cluster)) * cluster;
}

/** Bytes to write into an image. */
export interface Patch {
  readonly offset: number;
  readonly content: Buffer;
}

/** The patches that append a session to an image. */
export interface Appending {
  readonly content: Patch;
  readonly descriptors: Patch;
}

/**
 * The patches that append a session to an image and make its tree the one that is read: the session itself, and volume
 * descriptors that point to it. Everything else stays byte for byte: names, times and ids of the volume, boot loaders,
 * partition tables and the boot catalog.
 * @param session as xorriso writes it into a file of its own, for the start sector `start`
 * @param descriptors those of the image, from `descriptorArea`
 */
export function appendingPatches(session: Buffer, descriptors: Buffer, start: number): Appending {
  return {
    content: { offset: start * sector, content: session },
    descriptors: { offset: descriptorArea.offset, content: mergedDescriptors(session, descriptors, start) },
  };
}

/** The size of a volume by its primary volume descriptor, in bytes. */
export function sizeOfVolume(descriptor: Buffer): number {
  return descriptor.length < sector ? 0 : descriptor.readUInt32LE(volumeSize) * sector;
}

function mergedDescriptors(session: Buffer, descriptors: Buffer, start: number): Buffer {
  const own = descriptorsIn(descriptors);
  const merged = descriptorsIn(session.subarray(descriptorArea.offset)).map((added) => {
    const kept = own.find((descriptor) => descriptor[0] === added[0]);
    if (kept === undefined || added[0] === kinds.terminator) return added;
    return added[0] === kinds.primary ? withTree(kept, added, start) : added[0] === kinds.bootRecord ? kept : added;
  });
  return Buffer.concat(merged);
}

/** @throws KvmError if they have no end, as in a truncated file */
function descriptorsIn(area: Buffer): Buffer[] {
  const all = Array.from({ length: mostDescriptors }, (_, index) =>
    area.subarray(index * sector, (index + 1) * sector),
  );
  const end = all.findIndex(([kind]) => kind === kinds.terminator);
  if (end >= 0) return all.slice(0, end + 1);
  throw new KvmError("unknown-iso", "the ISO's volume descriptors have no end", { remedy: "Download the ISO again" });
}

/** xorriso counts the volume's size from the session's start. Sums of the old content are no longer valid. */
function withTree(descriptor: Buffer, session: Buffer, start: number): Buffer {
  const merged = Buffer.from(descriptor);
  session.copy(merged, tree.from, tree.from, tree.to);
  const size = session.readUInt32LE(volumeSize) + start;
  merged.writeUInt32LE(size, volumeSize);
  merged.writeUInt32BE(size, volumeSize + 4);
  return merged.fill(" ", applicationUse.from, applicationUse.to);
}
