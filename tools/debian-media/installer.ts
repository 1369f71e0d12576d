/** The real installer: kernel and initrd of Debian's netboot package, which then trusts our archive key, too. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzip } from "node:zlib";
import { promisify } from "node:util";
import type { Apt } from "./apt";
import { freshFolder, initramfs, write } from "./files";
import { RELEASE } from "./recipe";
import { run } from "./run";

const KEYRING = "usr/share/keyrings/debian-archive-keyring.pgp";

export interface Installer {
  /** The package's folder with kernel, boot screens and GRUB files. */
  readonly images: string;
  /** Its unpacked initrd. */
  readonly root: string;
  /** The initrd to boot, with our key. */
  readonly initrd: string;
  readonly kernelVersion: string;
}

export async function makeInstaller(apt: Apt, work: string, keyring: Buffer): Promise<Installer> {
  const [archive = ""] = await apt.download(`debian-installer-${RELEASE}-netboot-amd64`);
  await run("dpkg-deb", ["-x", archive, join(work, "installer")]);
  const images = join(work, `installer/usr/lib/debian-installer/images/${RELEASE}/amd64/text/debian-installer/amd64`);
  const original = await readFile(join(images, "initrd.gz"));
  const root = await freshFolder(join(work, "initrd"));
  const unpack = ["-idm", "--quiet", "--no-absolute-filenames"];
  await run("cpio", unpack, { cwd: root, input: await promisify(gunzip)(original) });
  const initrd = join(work, "initrd.gz");
  await write(initrd, Buffer.concat([original, await keySegment(work, root, keyring)]));
  const [kernelVersion = ""] = await readdir(join(root, "usr/lib/modules"));
  return { images, root, initrd, kernelVersion };
}

/** A second archive behind the initrd's own: the kernel lays its files over those of the first. */
async function keySegment(work: string, root: string, keyring: Buffer): Promise<Buffer> {
  const segment = join(work, "key-segment");
  await write(join(segment, KEYRING), Buffer.concat([await readFile(join(root, KEYRING)), keyring]));
  return initramfs(segment, [KEYRING]);
}
