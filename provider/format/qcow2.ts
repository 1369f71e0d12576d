/** As much of an image as says what it is, and what it is based on. */
export const headerBytes = 4096;

const fromByte = { version: 4, backingName: 8, backingLength: 16, size: 24, incompatible: 72, end: 80 } as const;
const externalData = 4n;

export interface Qcow2Header {
  /** What the guest sees as the disk's size, in bytes. */
  readonly size: bigint;
  /** The file that it is based on, as it is named in it; undefined when it is based on none. */
  readonly backing: string | undefined;
  readonly hasExternalData: boolean;
}

/** Undefined when the image isn't in qcow2, or is cut off. */
export function qcow2Header(begin: Buffer): Qcow2Header | undefined {
  if (!beginsAsQcow2(begin) || begin.length < fromByte.end) return undefined;
  const [name, length] = [begin.readBigUInt64BE(fromByte.backingName), begin.readUInt32BE(fromByte.backingLength)];
  const hasIncompatible = begin.readUInt32BE(fromByte.version) >= 3;
  return {
    size: begin.readBigUInt64BE(fromByte.size),
    backing: name === 0n ? undefined : begin.toString("utf8", Number(name), Number(name) + length),
    hasExternalData: hasIncompatible && (begin.readBigUInt64BE(fromByte.incompatible) & externalData) !== 0n,
  };
}

export function beginsAsQcow2(begin: Buffer): boolean {
  return begin.toString("latin1", 0, 4) === "QFI\xfb";
}
