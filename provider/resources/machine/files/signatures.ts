/** The first and the last mebibyte of a disk, as the guest reads them. */
export interface Ends {
  readonly first: Buffer;
  readonly last: Buffer;
}

const sector = 512;
/** Content of no known kind. */
export const anyContent = "content";

/** What a disk contains by its ends, in words such as `a GPT with 2 partitions (EFI system, LVM)`; undefined if empty. */
export function contentIn({ first, last }: Ends): string | undefined {
  if (![first, last].some((piece) => piece.some((byte) => byte !== 0))) return undefined;
  const found = [tableIn({ first, last }), ...signatures.flatMap((each) => (isAt(first, each) ? [each.what] : []))];
  if (isInArray({ first, last })) found.push("a member of a RAID array");
  const known = found.filter((each) => each !== undefined);
  return known.length === 0 ? anyContent : known.join(", ");
}

interface Signature {
  readonly what: string;
  readonly offset: number;
  readonly bytes: string | readonly number[];
}

/** The places of the kernel's and util-linux's headers. LVM accepts its label in any of the first four sectors. */
const signatures: readonly Signature[] = [
  { what: "LUKS", offset: 0, bytes: [...Buffer.from("LUKS"), 0xba, 0xbe] },
  { what: "an LVM physical volume", offset: sector, bytes: "LABELONE" },
  { what: "a file system (ext)", offset: 0x438, bytes: [0x53, 0xef] },
  { what: "a file system (xfs)", offset: 0, bytes: "XFSB" },
  { what: "a file system (btrfs)", offset: 0x10040, bytes: "_BHRfS_M" },
  { what: "a file system (ntfs)", offset: 3, bytes: "NTFS    " },
  { what: "a file system (fat)", offset: 0x52, bytes: "FAT32   " },
  { what: "a file system (fat)", offset: 0x36, bytes: "FAT1" },
  { what: "an ISO image", offset: 0x8001, bytes: "CD001" },
  { what: "swap space", offset: 0xff6, bytes: "SWAPSPACE2" },
];

function isAt(content: Buffer, { offset, bytes }: Pick<Signature, "offset" | "bytes">): boolean {
  const expected = Buffer.from(bytes as string);
  return content.subarray(offset, offset + expected.length).equals(expected);
}

/** The magic number of md's superblock. */
const arrayMagic = [0xfc, 0x4e, 0x2b, 0xa9];

/** Its place is the start, 4 KiB after it (both of version 1), or near the end (versions 1.0 and 0.90). */
function isInArray({ first, last }: Ends): boolean {
  const magic = { bytes: arrayMagic };
  if ([0, 0x1000].some((offset) => isAt(first, { ...magic, offset }))) return true;
  // Its exact place there depends on the size of the array's part of the disk.
  const places = Array.from({ length: Math.floor(last.length / 0x1000) }, (_, nth) => nth * 0x1000);
  return places.some((offset) => isAt(last, { ...magic, offset }));
}

function tableIn(ends: Ends): string | undefined {
  return gptIn(ends) ?? mbrIn(ends.first);
}

const gptEntry = 128;
/** Types of partitions, by the GUIDs' bytes. */
const gptTypes: Readonly<Record<string, string>> = {
  "28732ac11ff8d211ba4b00a0c93ec93b": "EFI system",
  "4861682149646f6e744e656564454649": "BIOS boot",
  "79d3d6e607f5c244a23c238f2a3df928": "LVM",
  "0f889da1fc053b4da006743f0f84911e": "RAID",
  cb7c7dca42ed5340b3e77ea8ab1d5ed5: "LUKS",
  "6dfd5706aba4c44384e50933c84b4f4f": "swap",
  a2a0d0ebe5b9334487c068b6b72699c7: "data",
};
const other = "Linux or other";

function gptIn({ first, last }: Ends): string | undefined {
  const header = { bytes: "EFI PART" };
  if (!isAt(first, { ...header, offset: sector }))
    return isAt(last, { ...header, offset: last.length - sector }) ? "the backup of a GPT" : undefined;
  const entries = Array.from({ length: 128 }, (_, nth) => first.subarray(2 * sector + nth * gptEntry).subarray(0, 16));
  const types = entries.filter((type) => type.some((byte) => byte !== 0)).map((type) => type.toString("hex"));
  return tableOf(
    "a GPT",
    types.map((type) => gptTypes[type] ?? other),
  );
}

const mbrTypes: Readonly<Record<number, string>> = {
  0x82: "swap",
  0x8e: "LVM",
  0xef: "EFI system",
  0xfd: "RAID",
};

/** A boot sector without a partition may be a file system's or a boot loader's: that is no table. */
function mbrIn(first: Buffer): string | undefined {
  if (!isAt(first, { offset: 510, bytes: [0x55, 0xaa] })) return undefined;
  const types = [446, 462, 478, 494].map((offset) => first[offset + 4] ?? 0).filter((type) => type !== 0);
  const isPlausible = [446, 462, 478, 494].every((offset) => ((first[offset] ?? 0) & 0x7f) === 0);
  return types.length === 0 || !isPlausible
    ? "a boot sector"
    : tableOf(
        "an MBR partition table",
        types.map((type) => mbrTypes[type] ?? other),
      );
}

function tableOf(table: string, types: readonly string[]): string {
  const distinct = [...new Set(types)].join(", ");
  const count = `${types.length} ${types.length === 1 ? "partition" : "partitions"}`;
  return types.length === 0 ? table : `${table} with ${count} (${distinct})`;
}
