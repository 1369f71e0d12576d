/** A small Linux kernel and an initrd that tells what it was given: both of Debian's packages. */
import { chmod, readdir, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { openApt } from "../debian-media/apt";
import { compress, copy, freshFolder, write } from "../debian-media/files";
import { run } from "../debian-media/run";

/** Drivers of virtual CD-ROMs and disks, and the file system of ISOs; each behind those that it needs. */
const MODULES = [
  ...["scsi_common", "scsi_mod", "virtio_scsi", "libata", "libahci", "ahci", "cdrom", "sr_mod", "sd_mod"],
  ...["virtio_blk", "isofs"],
];

export interface Kernel {
  readonly kernel: string;
  /** The initrd of the ISO with that name. */
  readonly initrdFor: (name: string) => Promise<Buffer>;
  /** The folder with what shim and GRUB for Secure Boot are made of. */
  readonly loaders: string;
}

export async function makeKernel(downloads: string, work: string): Promise<Kernel> {
  const apt = await openApt(downloads);
  const [{ Depends = "" } = {}] = await apt.show(["linux-image-cloud-amd64"]);
  const image = /linux-image-\S+/.exec(Depends)?.[0] ?? "";
  const root = join(work, "packages");
  for (const archive of await apt.download(image, "busybox-static", "shim-signed", "grub-efi-amd64-signed")) {
    await run("dpkg-deb", ["-x", archive, root]);
  }
  const [kernel = ""] = (await readdir(join(root, "boot"))).filter((name) => name.startsWith("vmlinuz-"));
  const initrd = await makeInitrdTree(root, work);
  const initrdFor = async (name: string): Promise<Buffer> => {
    await writeFile(join(initrd, "name"), `${name}\n`);
    return archive(initrd);
  };
  return { kernel: join(root, "boot", kernel), initrdFor, loaders: root };
}

async function makeInitrdTree(root: string, work: string): Promise<string> {
  const tree = await freshFolder(join(work, "initrd"));
  await copy(join(__dirname, "init.sh"), join(tree, "init"));
  await copy(join(root, "usr/bin/busybox"), join(tree, "bin/busybox"));
  for (const program of ["init", "bin/busybox"]) await chmod(join(tree, program), 0o755);
  await symlink("busybox", join(tree, "bin/sh"));
  const wanted = (await readdir(join(root, "usr/lib/modules"), { recursive: true })).filter((name) =>
    MODULES.includes(moduleName(name)),
  );
  for (const name of wanted) {
    const module = await run("xz", ["-dc", join(root, "usr/lib/modules", name)]);
    await write(join(tree, "modules", `${moduleName(name)}.ko`), module);
  }
  const present = wanted.map(moduleName);
  const order = MODULES.filter((name) => present.includes(name)).map((name) => `${name}.ko`);
  await write(join(tree, "modules/order"), order.map((name) => `${name}\n`).join(""));
  return tree;
}

/** Empty for a file that is none; the kernel takes "-" and "_" for the same. */
function moduleName(path: string): string {
  return path.endsWith(".ko.xz") ? basename(path, ".ko.xz").replaceAll("-", "_") : "";
}

/** Times and owners are left out, so that it has the same bytes at every build. */
async function archive(tree: string): Promise<Buffer> {
  const names = (await readdir(tree, { recursive: true })).filter((name) => name !== "archive").sort();
  const reproducible = ["-o", "-H", "newc", "--quiet", "-R", "0:0", "--reproducible"];
  await run("find", [tree, "-exec", "touch", "-hd", "@0", "{}", "+"]);
  return compress(await run("cpio", reproducible, { cwd: tree, input: `${names.join("\n")}\n` }));
}
