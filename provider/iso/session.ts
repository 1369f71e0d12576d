import { KvmError } from "../values/errors";

/** Bytes of a sector, in which all places of an ISO are counted. */
export const sector = 2048;
/** Writers of ISOs begin a session at a whole cluster. */
const cluster = 32;
/** The volume descriptors follow 16 sectors for boot loaders and partition tables. */
const firstDescriptor = 16;
/** More than any ISO has; those that end nowhere are broken. */
const mostDescriptors = 16;

const kinds = { bootRecord: 0, primary: 1, terminator: 255 } as const;

/** Where a primary volume descriptor says how many sectors the volume has: as little endian, then as big endian. */
const volumeSize = 80;
/** What a primary volume descriptor says of the tree: the tables of paths and the record of the root folder. */
const tree = { from: 132, to: 190 } as const;
/** The area of a primary volume descriptor that is free for the maker's own use. */
const applicationUse = { from: 883, to: 1395 } as const;

/** Where that area lies in an ISO, which has its primary volume descriptor first. */
export const applicationArea = {
  offset: firstDescriptor * sector + applicationUse.from,
  length: applicationUse.to - applicationUse.from,
} as const;

/** Where to read the volume descriptors of an ISO. */
export const descriptorArea = { offset: firstDescriptor * sector, length: mostDescriptors * sector } as const;

/** The sector at which a session is appended to an image of so many bytes. */
export function sessionStart(imageBytes: number): number {
  return Math.ceil(imageBytes / (sector * cluster)) * cluster;
}

/** Bytes to write into an image. */
export interface Patch {
  readonly offset: number;
  readonly content: Buffer;
}

/** What appends a session to an image. */
export interface Appending {
  readonly content: Patch;
  readonly descriptors: Patch;
}

/**
 * What to write into an image to append a session and make its tree the one that is read: the session itself, and
 * volume descriptors that lead there. What is not about the tree stays byte for byte: names, times and ids of the
 * volume, boot loaders, partition tables and the boot catalog.
 * @param session as xorriso writes it by itself, made to begin at the sector `start`
 * @param descriptors those of the image, from `descriptorArea`
 */
export function appendingPatches(session: Buffer, descriptors: Buffer, start: number): Appending {
  return {
    content: { offset: start * sector, content: session },
    descriptors: { offset: descriptorArea.offset, content: mergedDescriptors(session, descriptors, start) },
  };
}

/** The bytes that a volume has by its primary volume descriptor. */
export function sizeOfVolume(descriptor: Buffer): number {
  return descriptor.length < sector ? 0 : descriptor.readUInt32LE(volumeSize) * sector;
}

/** The image from its begin as it will be when it is patched, in pieces; what is in no place yet is zero. */
export async function* patchedPieces(
  image: AsyncIterable<Buffer>,
  patches: readonly Patch[],
  bytes: number,
): AsyncGenerator<Buffer> {
  let position = 0;
  for await (const piece of image) {
    yield patched(piece.subarray(0, Math.max(0, bytes - position)), position, patches);
    position += piece.length;
  }
  yield patched(Buffer.alloc(Math.max(0, bytes - position)), position, patches);
}

/** @param position of the piece in the image */
function patched(piece: Buffer, position: number, patches: readonly Patch[]): Buffer {
  for (const { offset, content } of patches) {
    const from = Math.max(offset, position);
    if (from < position + piece.length) content.copy(piece, from - position, Math.min(from - offset, content.length));
  }
  return piece;
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

/** @throws KvmError when they have no end, as in a file that was cut */
function descriptorsIn(area: Buffer): Buffer[] {
  const all = Array.from({ length: mostDescriptors }, (_, index) =>
    area.subarray(index * sector, (index + 1) * sector),
  );
  const end = all.findIndex(([kind]) => kind === kinds.terminator);
  if (end >= 0) return all.slice(0, end + 1);
  throw new KvmError("unknown-iso", "the ISO's volume descriptors have no end", { remedy: "Download the ISO again" });
}

/** By itself, xorriso counts the volume's size from the session's begin. Sums of the old content would be wrong now. */
function withTree(descriptor: Buffer, session: Buffer, start: number): Buffer {
  const merged = Buffer.from(descriptor);
  session.copy(merged, tree.from, tree.from, tree.to);
  const size = session.readUInt32LE(volumeSize) + start;
  merged.writeUInt32LE(size, volumeSize);
  merged.writeUInt32BE(size, volumeSize + 4);
  return merged.fill(" ", applicationUse.from, applicationUse.to);
}
