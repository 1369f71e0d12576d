import { startsAsQcow2, qcow2Header } from "../../format/qcow2";
import { KvmError } from "../../values/errors";
import type { VolumeInputs } from "./schema";

/** First bytes of compressed files, which are no disk images. */
const packed: Readonly<Record<string, string>> = {
  gzip: "1f8b",
  bzip2: "425a68",
  xz: "fd377a585a00",
  zstd: "28b52ffd",
  zip: "504b0304",
};

/**
 * The size of the disk in an image file.
 * @throws KvmError if it can't be the content of the volume
 */
export function diskSizeIn(start: Buffer, fileBytes: number, file: string, { format }: VolumeInputs): number {
  const packing = Object.keys(packed).find((name) => start.toString("hex").startsWith(packed[name] ?? "-"));
  if (packing !== undefined)
    throw unusable(`${file} is compressed by ${packing}`, "source", "Decompress it, and give that file");
  const found = startsAsQcow2(start) ? "qcow2" : "raw";
  if (found !== format)
    throw unusable(`${file} is ${found}, but the volume is ${format}`, "format", `Set format to "${found}"`);
  return found === "raw" ? fileBytes : qcow2Size(start, file);
}

/** An image that refers to other files of the host would give their content to the guest. */
function qcow2Size(start: Buffer, file: string): number {
  const header = qcow2Header(start);
  if (header === undefined) throw unusable(`${file} is truncated`, "source", "Download or copy it again");
  if (header.hasExternalData || header.backing !== undefined)
    throw unusable(`${file} refers to another file`, "source", "Merge them by `qemu-img convert`, and give the result");
  return Number(header.size);
}

function unusable(what: string, property: string, remedy: string): KvmError {
  return new KvmError("invalid-input", what, { property, remedy });
}
