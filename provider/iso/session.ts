/** Bytes of a sector, in which all places of an ISO are counted. */
const sector = 2048;
/** Writers of ISOs begin a session at a whole cluster. */
const cluster = 32;
/** The volume descriptors follow 16 sectors for boot loaders. */
const descriptors = 16;

const kinds = { primary: 1, terminator: 255 } as const;
/** Where a primary volume descriptor says how many sectors the volume has: as little endian, then as big endian. */
const volumeSize = 80;

/** The sector at which a session is appended to an image of so many bytes. */
export function sessionStart(imageBytes: number): number {
  return Math.ceil(imageBytes / (sector * cluster)) * cluster;
}

export interface Patch {
  readonly offset: number;
  readonly content: Uint8Array;
}

/**
 * What to write into an image to append a session and make it the one that is read: the session itself, and its volume
 * descriptors over those of the image. Boot loaders and partition tables before them stay.
 * @param session as xorriso writes it by itself, made to begin at the sector `start`
 */
export function appendingPatches(session: Buffer, start: number): Patch[] {
  return [
    { offset: start * sector, content: session },
    { offset: descriptors * sector, content: descriptorsOf(session, start) },
  ];
}

/** The session's descriptors with the size of the whole volume: by itself, xorriso counts from the session's begin. */
function descriptorsOf(session: Buffer, start: number): Buffer {
  const kindOf = (index: number) => session[index * sector];
  let end = descriptors;
  while (kindOf(end) !== kinds.terminator) end += 1;
  const copy = Buffer.from(session.subarray(descriptors * sector, (end + 1) * sector));
  for (let index = descriptors; index < end; index += 1) {
    if (kindOf(index) === kinds.primary) enlarge(copy, (index - descriptors) * sector + volumeSize, start);
  }
  return copy;
}

function enlarge(bytes: Buffer, offset: number, by: number): void {
  const size = bytes.readUInt32LE(offset) + by;
  bytes.writeUInt32LE(size, offset);
  bytes.writeUInt32BE(size, offset + 4);
}
