/** The ISO, laid out like a Debian netinst: isolinux, GRUB for EFI behind the signed shim, isohybrid, md5sum.txt. */
import { createHash } from "node:crypto";
import { cp, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Apt } from "./apt";
import { copy, freshFolder, linkTo, write } from "./files";
import type { Installer } from "./installer";
import { RELEASE, SUITE } from "./recipe";
import { run } from "./run";

export async function makeIso(
  apt: Apt,
  work: string,
  mirror: string,
  installer: Installer,
  iso: string,
): Promise<void> {
  const boot = join(work, "boot");
  for (const archive of await apt.download("isolinux", "shim-signed", "grub-efi-amd64-signed")) {
    await run("dpkg-deb", ["-x", archive, boot]);
  }
  const tree = await freshFolder(join(work, "tree"));
  await copy(join(installer.images, "linux"), join(tree, "install.amd/vmlinuz"));
  await copy(installer.initrd, join(tree, "install.amd/initrd.gz"));
  await addIsolinux(tree, boot, installer.images);
  await addGrub(tree, boot, installer.images);
  await addDebianFiles(tree, mirror);
  await write(join(tree, "md5sum.txt"), await checksums(tree));
  await run("xorriso", ["-as", "mkisofs", ...isoOptions(boot), "-o", iso, tree]);
}

/** The boot configuration of a network boot, with the paths of an ISO. */
export function withIsoPaths(text: string): string {
  return text
    .replaceAll("debian-installer/amd64/boot-screens/", "")
    .replaceAll(/\/?debian-installer\/amd64\/linux/g, "/install.amd/vmlinuz")
    .replaceAll(/\/?debian-installer\/amd64\/initrd\.gz/g, "/install.amd/initrd.gz");
}

async function addIsolinux(tree: string, boot: string, images: string): Promise<void> {
  await copy(join(boot, "usr/lib/ISOLINUX/isolinux.bin"), join(tree, "isolinux/isolinux.bin"));
  for (const name of await readdir(join(images, "boot-screens"))) {
    const source = join(images, "boot-screens", name);
    const target = join(tree, "isolinux", name === "syslinux.cfg" ? "isolinux.cfg" : name);
    if (name.endsWith(".cfg")) await write(target, withIsoPaths(await readFile(source, "utf8")));
    else await copy(source, target);
  }
}

async function addGrub(tree: string, boot: string, images: string): Promise<void> {
  const grub = join(tree, "boot/grub");
  await cp(join(images, "grub"), grub, { recursive: true });
  await write(join(grub, "grub.cfg"), withIsoPaths(await readFile(join(images, "grub/grub.cfg"), "utf8")));
  await write(join(grub, "x86_64-efi/grub.cfg"), "source /boot/grub/grub.cfg\n");
  await copy(join(boot, "usr/lib/shim/shimx64.efi.signed"), join(tree, "EFI/boot/bootx64.efi"));
  await copy(join(boot, "usr/lib/grub/x86_64-efi-signed/gcdx64.efi.signed"), join(tree, "EFI/boot/grubx64.efi"));
  // 5 MB: a floppy's size, mformat's default, is too small for both loaders.
  const image = join(grub, "efi.img");
  await run("mformat", ["-C", "-T", "10240", "-h", "16", "-s", "32", "-N", "deb00001", "-i", image, "::"]);
  await run("mcopy", ["-s", "-i", image, join(tree, "EFI"), "::"]);
}

async function addDebianFiles(tree: string, mirror: string): Promise<void> {
  const info = `Debian GNU/Linux ${RELEASE}.0.0 "Trixie" - kvm-deploy amd64 NETINST with firmware 20260101-10:00`;
  await write(join(tree, ".disk/info"), info);
  await write(join(tree, ".disk/cd_type"), "not_complete\n");
  await write(join(tree, ".disk/base_components"), "main\n");
  await copy(join(mirror, "dists", SUITE, "Release"), join(tree, "dists", SUITE, "Release"));
  await linkTo(SUITE, join(tree, "dists/stable"));
  await linkTo(".", join(tree, "debian"));
}

async function checksums(tree: string): Promise<string> {
  const entries = await readdir(tree, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(tree.length));
  const lines = files.filter((path) => !path.startsWith("/isolinux/")).sort();
  return (await Promise.all(lines.map(async (path) => `${await md5(join(tree, path))}  .${path}\n`))).join("");
}

async function md5(path: string): Promise<string> {
  return createHash("md5")
    .update(await readFile(path))
    .digest("hex");
}

function isoOptions(boot: string): string[] {
  const bios = ["-b", "isolinux/isolinux.bin", "-c", "isolinux/boot.cat", "-boot-load-size", "4", "-boot-info-table"];
  const efi = ["-eltorito-alt-boot", "-e", "boot/grub/efi.img", "-no-emul-boot"];
  const hybrid = ["-isohybrid-mbr", join(boot, "usr/lib/ISOLINUX/isohdpfx.bin")];
  const sums = ["-checksum_algorithm_iso", "sha256,sha512"];
  const names = ["-r", "-J", "-joliet-long", "-V", `Debian ${RELEASE}.0.0 amd64 n`];
  const partitions = ["-isohybrid-gpt-basdat", "-isohybrid-apm-hfsplus"];
  return ["-quiet", ...names, ...sums, ...hybrid, ...bios, "-no-emul-boot", ...efi, ...partitions];
}
