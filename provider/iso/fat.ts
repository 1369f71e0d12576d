import { KvmError } from "../values/errors";

/** Reads bytes of an image; fewer where it ends. */
export type ReadBytes = (offset: number, length: number) => Promise<Buffer>;

/** A piece of a file, in bytes of the image. */
export interface Extent {
  readonly offset: number;
  readonly length: number;
}

/** Where a FAT image, such as UEFI boots from, keeps the content of a file. Undefined when it has no such file. */
export async function locateInFat(read: ReadBytes, path: string): Promise<Extent[] | undefined> {
  const fat = await openFat(read);
  let folder = await rootFolder(fat);
  const names = path.split("/");
  for (const name of names.slice(0, -1)) {
    const entry = findEntry(folder, name, true);
    if (entry === undefined) return undefined;
    folder = await readExtents(fat, extentsOf(fat, entry.cluster));
  }
  const file = findEntry(folder, names.at(-1) ?? "", false);
  return file && cutTo(extentsOf(fat, file.cluster), file.bytes);
}

interface Fat {
  readonly read: ReadBytes;
  /** Of each cluster, the next one of its file. */
  readonly next: (cluster: number) => number;
  readonly clusterBytes: number;
  readonly clusters: number;
  /** Where the first cluster lies, which has the number 2. */
  readonly data: number;
  readonly root: { readonly cluster: number } | Extent;
}

/** More than any installer's EFI image needs. */
const mostTableBytes = 4 * 2 ** 20;

async function openFat(read: ReadBytes): Promise<Fat> {
  const boot = await read(0, 512);
  if (boot.length < 512 || boot.readUInt16LE(510) !== 0xaa55) throw notFat();
  const sectorBytes = boot.readUInt16LE(11);
  const clusterSectors = boot[13] ?? 0;
  if (![512, 1024, 2048, 4096].includes(sectorBytes) || clusterSectors === 0) throw notFat();
  const reserved = boot.readUInt16LE(14);
  const rootEntries = boot.readUInt16LE(17);
  const sectors = boot.readUInt16LE(19) || boot.readUInt32LE(32);
  const tableSectors = boot.readUInt16LE(22) || boot.readUInt32LE(36);
  const root = reserved + (boot[16] ?? 0) * tableSectors;
  const data = root + Math.ceil((rootEntries * 32) / sectorBytes);
  const clusters = Math.floor((sectors - data) / clusterSectors);
  if (tableSectors * sectorBytes > mostTableBytes) throw notFat();
  const table = await read(reserved * sectorBytes, tableSectors * sectorBytes);
  return {
    ...{ read, clusters, clusterBytes: clusterSectors * sectorBytes, data: data * sectorBytes },
    next: nextIn(table, clusters),
    root:
      rootEntries === 0 ? { cluster: boot.readUInt32LE(44) } : { offset: root * sectorBytes, length: rootEntries * 32 },
  };
}

/** The number of clusters alone decides how wide the table's entries are. */
function nextIn(table: Buffer, clusters: number): (cluster: number) => number {
  const entry = (offset: number, bytes: number) =>
    offset + bytes <= table.length ? table.readUIntLE(offset, bytes) : 0;
  if (clusters >= 65525) return (cluster) => entry(cluster * 4, 4) & 0x0fffffff;
  if (clusters >= 4085) return (cluster) => entry(cluster * 2, 2);
  return (cluster) => {
    const pair = entry(Math.floor(cluster * 1.5), 2);
    return cluster % 2 === 0 ? pair & 0xfff : pair >> 4;
  };
}

/** More than a folder or a menu has; so a chain in a circle ends, too. */
const mostClusters = 8192;

/** The clusters of a file; the end of a chain is a number that no cluster has. */
function extentsOf(fat: Fat, first: number): Extent[] {
  const extents: Extent[] = [];
  for (let cluster = first; isCluster(fat, cluster) && extents.length < mostClusters; cluster = fat.next(cluster)) {
    extents.push({ offset: fat.data + (cluster - 2) * fat.clusterBytes, length: fat.clusterBytes });
  }
  return extents;
}

function isCluster({ clusters }: Fat, cluster: number): boolean {
  return cluster >= 2 && cluster < clusters + 2;
}

function rootFolder(fat: Fat): Promise<Buffer> {
  return readExtents(fat, "cluster" in fat.root ? extentsOf(fat, fat.root.cluster) : [fat.root]);
}

async function readExtents({ read }: Fat, extents: readonly Extent[]): Promise<Buffer> {
  return Buffer.concat(await Promise.all(extents.map(({ offset, length }) => read(offset, length))));
}

function cutTo(extents: readonly Extent[], bytes: number): Extent[] {
  let left = bytes;
  return extents.flatMap(({ offset, length }) => {
    const used = Math.min(length, left);
    left -= used;
    return used > 0 ? [{ offset, length: used }] : [];
  });
}

interface Entry {
  readonly name: string;
  readonly isFolder: boolean;
  readonly cluster: number;
  readonly bytes: number;
}

function findEntry(folder: Buffer, name: string, isFolder: boolean): Entry | undefined {
  const wanted = name.toLowerCase();
  return entriesOf(folder).find((entry) => entry.isFolder === isFolder && entry.name.toLowerCase() === wanted);
}

const attributes = { label: 0x08, folder: 0x10, longName: 0x0f } as const;

/** A long name lies in entries before that of its file, the last piece first. */
function entriesOf(folder: Buffer): Entry[] {
  const entries: Entry[] = [];
  let longName = "";
  for (let at = 0; at + 32 <= folder.length && folder[at] !== 0; at += 32) {
    const record = folder.subarray(at, at + 32);
    const kind = record[11] ?? 0;
    if (record[0] === 0xe5) longName = "";
    else if (kind === attributes.longName) longName = namePiece(record) + longName;
    else {
      if ((kind & attributes.label) === 0) entries.push(entryOf(record, longName));
      longName = "";
    }
  }
  return entries;
}

function entryOf(record: Buffer, longName: string): Entry {
  const [base, extension] = [record.toString("latin1", 0, 8).trim(), record.toString("latin1", 8, 11).trim()];
  return {
    name: longName === "" ? [base, extension].filter((part) => part !== "").join(".") : longName,
    isFolder: ((record[11] ?? 0) & attributes.folder) !== 0,
    cluster: record.readUInt16LE(20) * 65536 + record.readUInt16LE(26),
    bytes: record.readUInt32LE(28),
  };
}

function namePiece(record: Buffer): string {
  const text = [record.subarray(1, 11), record.subarray(14, 26), record.subarray(28, 32)];
  return Buffer.concat(text)
    .toString("utf16le")
    .replace(/[\0\uffff].*$/s, "");
}

function notFat(): KvmError {
  return new KvmError("unknown-iso", "the ISO's EFI image holds no FAT file system", {
    remedy: "Give the installer ISO as its distribution publishes it",
  });
}
