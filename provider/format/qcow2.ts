/** Bytes to read of an image: enough for its format and its backing file. */
export const headerBytes = 4096;

const fromByte = { version: 4, backingName: 8, backingLength: 16, size: 24, incompatible: 72, end: 80 } as const;
const externalData = 4n;

export interface Qcow2Header {
  /** The size of the guest's disk, in bytes. */
  readonly size: bigint;
  /** The backing file as the image names it; undefined without one. */
  readonly backing: string | undefined;
  readonly hasExternalData: boolean;
}

/** Undefined if the image isn't in qcow2, or is truncated. */
export function qcow2Header(start: Buffer): Qcow2Header | undefined {
  if (!startsAsQcow2(start) || start.length < fromByte.end) return undefined;
  const [name, length] = [start.readBigUInt64BE(fromByte.backingName), start.readUInt32BE(fromByte.backingLength)];
  const hasIncompatible = start.readUInt32BE(fromByte.version) >= 3;
  return {
    size: start.readBigUInt64BE(fromByte.size),
    backing: name === 0n ? undefined : start.toString("utf8", Number(name), Number(name) + length),
    hasExternalData: hasIncompatible && (start.readBigUInt64BE(fromByte.incompatible) & externalData) !== 0n,
  };
}

export function startsAsQcow2(start: Buffer): boolean {
  return start.toString("latin1", 0, 4) === "QFI\xfb";
}
