import { startsAsQcow2, qcow2Header } from "../../format/qcow2";
import { KvmError } from "../../values/errors";
import type { VolumeInputs } from "./schema";

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
export function diskSizeIn(begin: Buffer, fileBytes: number, file: string, { format }: VolumeInputs): number {
  const packing = Object.keys(packed).find((name) => begin.toString("hex").startsWith(packed[name] ?? "-"));
  if (packing !== undefined)
    throw unusable(`${file} is packed by ${packing}`, "source", "Unpack it, and give that file");
  const found = startsAsQcow2(begin) ? "qcow2" : "raw";
  if (found !== format)
    throw unusable(`${file} is ${found}, the volume ${format}`, "format", `Set format to "${found}"`);
  return found === "raw" ? fileBytes : qcow2Size(begin, file);
}

/** An image that refers to other files of the host would give the guest whatever they hold. */
function qcow2Size(begin: Buffer, file: string): number {
  const header = qcow2Header(begin);
  if (header === undefined) throw unusable(`${file} is cut off`, "source", "Load it again");
  if (header.hasExternalData || header.backing !== undefined)
    throw unusable(`${file} refers to another file`, "source", "Merge them by `qemu-img convert`, and give the result");
  return Number(header.size);
}

function unusable(what: string, property: string, remedy: string): KvmError {
  return new KvmError("invalid-input", what, { property, remedy });
}
