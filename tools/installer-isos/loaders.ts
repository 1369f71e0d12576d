/** Boot loaders: isolinux, GRUB for BIOS and for UEFI, and the FAT images that UEFI reads. */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { freshFolder, write } from "../debian-media/files";
import { run } from "../debian-media/run";
import { EPOCH, type Tree, writeTree } from "./tree";

export const ISOLINUX = "/usr/lib/ISOLINUX";
export const SYSLINUX = "/usr/lib/syslinux/modules/bios";
export const GRUB_MBR = "/usr/lib/grub/i386-pc/boot_hybrid.img";

const SHARED = [
  ...["iso9660", "part_msdos", "part_gpt", "normal", "linux", "configfile", "search", "search_fs_file", "search_label"],
  ...["serial", "terminal", "echo", "test", "true", "sleep", "loadenv"],
];
const MODULES = {
  "i386-pc-eltorito": [...SHARED, "biosdisk", "chain"],
  // linuxefi: menus of Red Hat's kin use it. all_video: without it the kernel gets no screen.
  "x86_64-efi": [...SHARED, "fat", "linuxefi", "all_video"],
};

interface GrubOptions {
  readonly format: keyof typeof MODULES;
  /** Where it looks for its grub.cfg. */
  readonly prefix: string;
  /** Commands built into it, that it runs first. */
  readonly early?: string;
}

/** An unsigned GRUB that behaves as the distribution's: its folder and its built-in commands are the same. */
export async function grub(work: string, { format, prefix, early }: GrubOptions): Promise<Buffer> {
  const [output, script] = [join(work, "grub-image"), join(work, "grub-early.cfg")];
  await write(script, early ?? "");
  const commands = early === undefined ? [] : ["-c", script];
  await run("grub-mkimage", ["-O", format, "-p", prefix, "-o", output, ...commands, ...MODULES[format]]);
  return readFile(output);
}

export function isolinux(folder: string, ...modules: readonly string[]): Tree {
  const names = ["ldlinux", ...modules].map((name) => `${name}.c32`);
  return {
    [`${folder}/isolinux.bin`]: { file: join(ISOLINUX, "isolinux.bin") },
    ...Object.fromEntries(names.map((name) => [`${folder}/${name}`, { file: join(SYSLINUX, name) }])),
  };
}

/** A FAT image with the tree in it. */
export async function fatImage(work: string, kibibytes: number, tree: Tree): Promise<Buffer> {
  const [image, folder] = [join(work, "fat.img"), await freshFolder(join(work, "fat"))];
  await rm(image, { force: true });
  await writeTree(folder, tree);
  const env = { SOURCE_DATE_EPOCH: String(EPOCH), MTOOLS_SKIP_CHECK: "1", TZ: "UTC" };
  const geometry = ["-T", String(kibibytes * 2), "-h", "16", "-s", "32"];
  await run("mformat", ["-C", "-N", "deb00001", "-i", image, ...geometry, "::"], { env });
  const tops = [...new Set(Object.keys(tree).map((path) => path.split("/", 1)[0] ?? ""))];
  await run("mcopy", ["-s", "-m", "-i", image, ...tops.map((name) => join(folder, name)), "::"], { env });
  return readFile(image);
}
