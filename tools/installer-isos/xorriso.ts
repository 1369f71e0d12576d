/** ISOs that are written by xorriso: all but SUSE's. */
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freshFolder } from "../debian-media/files";
import { run } from "../debian-media/run";
import { GRUB_MBR, ISOLINUX } from "./loaders";
import { EPOCH, type Tree, writeTree } from "./tree";

interface Image {
  readonly iso: string;
  readonly work: string;
  readonly volumeId: string;
  readonly tree: Tree;
  /** Options of `xorriso -as mkisofs`. */
  readonly options: readonly string[];
}

export async function writeIso({ iso, work, volumeId, tree, options }: Image): Promise<void> {
  const folder = await freshFolder(join(work, "tree"));
  await writeTree(folder, tree);
  const env = { SOURCE_DATE_EPOCH: String(EPOCH), TZ: "UTC" };
  await run("xorriso", ["-no_rc", "-as", "mkisofs", "-quiet", "-V", volumeId, ...options, "-o", iso, folder], { env });
}

/** BIOS by isolinux, UEFI by an image that is a file; partition tables say the same for a USB stick. */
export function isohybrid(efiImage: string, ...more: readonly string[]): string[] {
  return [
    ...["-isohybrid-mbr", join(ISOLINUX, "isohdpfx.bin"), "-b", "isolinux/isolinux.bin", "-c", "isolinux/boot.cat"],
    ...["-boot-load-size", "4", "-boot-info-table", "-no-emul-boot", "-eltorito-alt-boot", "-e", efiImage],
    ...["-no-emul-boot", "-isohybrid-gpt-basdat", ...more],
  ];
}

/** GUIDs of partition types. */
const EFI_SYSTEM = "C12A7328-F81F-11D2-BA4B-00A0C93EC93B";
const BASIC_DATA = "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7";

/** BIOS by GRUB, UEFI by a partition behind the ISO's own file system. */
export async function appendedEsp(
  work: string,
  esp: Buffer,
  biosImage: string,
  ...more: readonly string[]
): Promise<string[]> {
  const image = join(work, "esp.img");
  await writeFile(image, esp);
  return [
    ...["--grub2-mbr", GRUB_MBR, "-partition_offset", "16", "-append_partition", "2", EFI_SYSTEM, image],
    ...["-appended_part_as_gpt", "-iso_mbr_part_type", BASIC_DATA, ...more, "-b", biosImage, "-no-emul-boot"],
    ...["-boot-load-size", "4", "-boot-info-table", "--grub2-boot-info", "-eltorito-alt-boot"],
    ...["-e", "--interval:appended_partition_2:all::", "-no-emul-boot"],
  ];
}

/** md5sum.txt of a tree, without the files that the distribution's own leaves out. */
export async function md5List(tree: Tree, leavesOut: RegExp): Promise<string> {
  const listed = Object.entries(tree)
    .filter(([path]) => !leavesOut.test(path))
    .sort();
  const lines = await Promise.all(
    listed.map(async ([path, content]) => {
      const bytes = await bytesOf(content, tree);
      return bytes === undefined ? "" : `${createHash("md5").update(bytes).digest("hex")}  ./${path}\n`;
    }),
  );
  return lines.join("");
}

async function bytesOf(content: Tree[string], tree: Tree): Promise<Buffer | string | undefined> {
  if (typeof content === "string" || Buffer.isBuffer(content)) return content;
  if ("file" in content) return readFile(content.file);
  if ("same" in content) return bytesOf(tree[content.same] ?? "", tree);
  return undefined;
}
