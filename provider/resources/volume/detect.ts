import { KvmError } from "../../errors";
import type { VolumeInputs } from "./schema";

/** As much of a file as says what it is. */
export const headerBytes = 80;

/** Beginnings of files that are packed: as a disk they would be nothing but noise. */
const packed: Readonly<Record<string, string>> = {
  gzip: "1f8b",
  bzip2: "425a68",
  xz: "fd377a585a00",
  zstd: "28b52ffd",
  zip: "504b0304",
};

/**
 * The size of the disk in an image file.
 * @throws KvmError when it can't be the content of the volume
 */
export function diskSizeIn(header: Buffer, fileBytes: number, file: string, { format }: VolumeInputs): number {
  const packing = Object.keys(packed).find((name) => header.toString("hex").startsWith(packed[name] ?? "-"));
  if (packing !== undefined)
    throw unusable(`${file} is packed by ${packing}`, "source", "Unpack it, and give that file");
  const found = header.toString("latin1", 0, 4) === "QFI\xfb" ? "qcow2" : "raw";
  if (found !== format)
    throw unusable(`${file} is ${found}, the volume ${format}`, "format", `Set format to "${found}"`);
  return found === "raw" ? fileBytes : qcow2Size(header, file);
}

const fromByte = { version: 4, backingFile: 8, size: 24, incompatible: 72 } as const;
const externalData = 4n;

/** An image that refers to other files of the host would give the guest whatever they hold. */
function qcow2Size(header: Buffer, file: string): number {
  if (header.length < headerBytes) throw unusable(`${file} is cut off`, "source", "Load it again");
  const hasData =
    header.readUInt32BE(fromByte.version) >= 3 && (header.readBigUInt64BE(fromByte.incompatible) & externalData) !== 0n;
  if (hasData || header.readBigUInt64BE(fromByte.backingFile) !== 0n)
    throw unusable(`${file} refers to another file`, "source", "Merge them by `qemu-img convert`, and give the result");
  return Number(header.readBigUInt64BE(fromByte.size));
}

function unusable(what: string, property: string, remedy: string): KvmError {
  return new KvmError("invalid-input", what, { property, remedy });
}
