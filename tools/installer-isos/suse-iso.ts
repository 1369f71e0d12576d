/** ISOs that are written the way of SUSE's mkmedia: by genisoimage, with boot records of its own making. */
import { createHash } from "node:crypto";
import { readFile, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freshFolder } from "../debian-media/files";
import { run } from "../debian-media/run";
import { EPOCH, type Tree, writeTree } from "./tree";

interface Image {
  readonly iso: string;
  readonly work: string;
  readonly volumeId: string;
  readonly tree: Tree;
  readonly bios: { readonly image: string; readonly mbr: string };
  readonly efiImage: string;
  /** Whether the file system shows the EFI image. */
  readonly isHidden: boolean;
}

const SECTOR = 2048;
const BLOCK = 512;
const MAGIC = "kvm-deploy second beginning";

/**
 * Written twice: a hidden file becomes a copy of the ISO's beginning, so that the second partition, which starts there,
 * is a file system of its own for those who read a USB stick.
 */
export async function writeSuseIso(image: Image): Promise<void> {
  const folder = await freshFolder(join(image.work, "tree"));
  const beginning = join(folder, "beginning");
  await writeTree(folder, { ...image.tree, beginning: MAGIC });
  await genisoimage(image, folder);
  const first = withFixedTime(await readFile(image.iso));
  await writeFile(beginning, first.subarray(0, first.indexOf(MAGIC) + SECTOR));
  await utimes(beginning, EPOCH, EPOCH);
  await utimes(folder, EPOCH, EPOCH);
  await genisoimage(image, folder);
  const iso = withFixedTime(await readFile(image.iso));
  addBootRecords(iso, await readFile(image.bios.mbr));
  addDigest(iso);
  await writeFile(image.iso, iso);
}

async function genisoimage({ iso, work, volumeId, bios, efiImage, isHidden }: Image, folder: string): Promise<void> {
  const order = join(work, "order");
  const at = (path: string) => join(folder, path);
  await writeFile(order, `${at(efiImage)} 1000001\n${at("beginning")} 1000000\n${at(bios.image)} 3\n`);
  const hide = (path: string) => ["-hide", path, "-hide-joliet", path];
  const catalog = `${bios.image.replace(/[^/]*$/, "")}boot.catalog`;
  const noEmulation = ["-no-emul-boot", "-boot-load-size"];
  await rm(iso, { force: true });
  const args = [
    ...["-quiet", "-l", "-r", "-f", "-pad", "-input-charset", "utf8", "-J", "-joliet-long", "-V", volumeId],
    ...["-publisher", "SUSE LLC", ...noEmulation, "4", "-boot-info-table", "-b", bios.image, "-c", catalog],
    ...[...hide(catalog), ...hide(at("beginning")), ...(isHidden ? hide(at(efiImage)) : [])],
    ...["-eltorito-alt-boot", ...noEmulation, "1", "-b", efiImage, "-sort", order, "-o", iso, folder],
  ];
  await run("genisoimage", args, { env: { SOURCE_DATE_EPOCH: String(EPOCH), TZ: "UTC" } });
}

/** genisoimage puts the time of its run into both volume descriptors, and knows no other. */
function withFixedTime(iso: Buffer): Buffer {
  const time = `${new Date(EPOCH * 1000).toISOString().replace(/\D/g, "").slice(0, 14)}00\0`;
  for (let at = 16 * SECTOR; iso[at] !== 255; at += SECTOR) {
    if (iso[at] === 0) continue;
    for (const field of [813, 830, 864]) iso.write(time, at + field, "latin1");
  }
  return iso;
}

/** The catalog's second entry is for UEFI; the MBR has the EFI image, and the data from the second beginning on. */
function addBootRecords(iso: Buffer, mbr: Buffer): void {
  const catalog = iso.readUInt32LE(17 * SECTOR + 0x47) * SECTOR;
  const biosSector = iso.readUInt32LE(catalog + 40);
  const entry = bootEntries(iso.subarray(catalog, catalog + SECTOR))[1] ?? Buffer.alloc(32);
  const efiSector = entry.readUInt32LE(8);
  const efiBlocks = iso.readUInt16LE(efiSector * SECTOR + 19);
  entry.writeUInt16LE(efiBlocks, 6);
  iso.fill(0, catalog + 64, catalog + SECTOR);
  iso.set([0x91, 0xef, 1], catalog + 64);
  iso.set(entry, catalog + 96);
  const second = iso.indexOf("\x01CD001", efiSector * SECTOR) - 16 * SECTOR;
  iso.set(mbr.subarray(0, 440), 0);
  if (mbr.includes("isolinux.bin missing")) iso.writeUInt32LE(biosSector * 4, 432);
  else iso.writeBigUInt64LE(BigInt(biosSector * 4 + 4), 0x1b0);
  iso.set(partition(0, 0xef, efiSector * 4, efiBlocks), 446);
  iso.set(partition(0x80, 0x17, second / BLOCK, (iso.length - second) / BLOCK), 462);
  iso.set([0x55, 0xaa], 510);
}

/** Copies of the catalog's entries that boot. */
function bootEntries(catalog: Buffer): Buffer[] {
  const offsets = Array.from({ length: 63 }, (_, index) => (index + 1) * 32);
  return offsets.map((at) => Buffer.from(catalog.subarray(at, at + 32))).filter(([kind]) => kind === 0x88);
}

function partition(flag: number, type: number, start: number, blocks: number): Buffer {
  const entry = Buffer.from([flag, 255, 255, 255, type, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0]);
  entry.writeUInt32LE(start, 8);
  entry.writeUInt32LE(blocks, 12);
  return entry;
}

const PADDING = 150 * SECTOR;
const DIGEST = { from: 16 * SECTOR + 883, to: 16 * SECTOR + 883 + 512 } as const;

/** What SUSE's medium check compares, in the volume descriptor's area for applications. */
function addDigest(iso: Buffer): void {
  const { from, to } = DIGEST;
  const checked = Buffer.from(iso)
    .fill(" ", from, to)
    .fill(0, 0, BLOCK)
    .fill(0, iso.length - PADDING);
  const sum = createHash("sha256").update(checked).digest("hex");
  iso.set(Buffer.from(`check=0;pad=150;sha256sum=${sum}`.padEnd(to - from)), from);
}
