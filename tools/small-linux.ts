/** A Linux kernel with an initrd of BusyBox, some modules and an init of our own: Debian's packages, nothing installed. */
import { chmod, mkdir, readdir, symlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { openApt } from "./debian-media/apt";
import { downloadFolder } from "./debian-media/downloads";
import { compress, copy, freshFolder, write } from "./debian-media/files";
import { locked } from "./debian-media/lock";
import { run } from "./debian-media/run";

export interface Ingredients {
  /** Depends on the kernel's own package. */
  readonly kernelPackage: string;
  /** Each behind those that it needs; one that has no file is built into the kernel. */
  readonly modules: readonly string[];
  /** A script of BusyBox's shell; finds the modules by `/modules/order`. */
  readonly init: string;
  /** Other packages to be unpacked. */
  readonly packages?: readonly string[];
}

export interface SmallLinux {
  readonly kernel: string;
  /** The folder of the initrd's files; what is put there is in the initrd, too. */
  readonly initrd: string;
  /** The folder where all packages are unpacked. */
  readonly packages: string;
}

/** @param work a folder for all of it */
export async function makeSmallLinux(ingredients: Ingredients, work: string): Promise<SmallLinux> {
  const packages = join(work, "packages");
  for (const archive of await download(ingredients)) await run("dpkg-deb", ["-x", archive, packages]);
  const [kernel = ""] = (await readdir(join(packages, "boot"))).filter((name) => name.startsWith("vmlinuz-"));
  const initrd = await makeInitrd(ingredients, packages, work);
  return { kernel: join(packages, "boot", kernel), initrd, packages };
}

async function download({ kernelPackage, packages = [] }: Ingredients): Promise<string[]> {
  const folder = downloadFolder();
  await mkdir(folder, { recursive: true });
  return locked(
    join(folder, "lock"),
    () => undefined,
    async () => {
      const apt = await openApt(folder);
      const [{ Depends = "" } = {}] = await apt.show([kernelPackage]);
      const image = /linux-image-\S+/.exec(Depends)?.[0] ?? "";
      return apt.download(image, "busybox-static", ...packages);
    },
  );
}

async function makeInitrd({ modules, init }: Ingredients, packages: string, work: string): Promise<string> {
  const tree = await freshFolder(join(work, "initrd"));
  await copy(init, join(tree, "init"));
  await copy(join(packages, "usr/bin/busybox"), join(tree, "bin/busybox"));
  for (const program of ["init", "bin/busybox"]) await chmod(join(tree, program), 0o755);
  await symlink("busybox", join(tree, "bin/sh"));
  const wanted = (await readdir(join(packages, "usr/lib/modules"), { recursive: true })).filter((name) =>
    modules.includes(moduleName(name)),
  );
  for (const name of wanted) {
    const module = await run("xz", ["-dc", join(packages, "usr/lib/modules", name)]);
    await write(join(tree, "modules", `${moduleName(name)}.ko`), module);
  }
  const present = wanted.map(moduleName);
  const order = modules.filter((name) => present.includes(name)).map((name) => `${name}.ko`);
  await write(join(tree, "modules/order"), order.map((name) => `${name}\n`).join(""));
  return tree;
}

/** Empty for a file that is none; the kernel takes "-" and "_" for the same. */
function moduleName(path: string): string {
  return path.endsWith(".ko.xz") ? basename(path, ".ko.xz").replaceAll("-", "_") : "";
}

/** The initrd as it is now. Times and owners are left out, so that it has the same bytes at every build. */
export async function packInitrd({ initrd }: SmallLinux): Promise<Buffer> {
  const names = (await readdir(initrd, { recursive: true })).sort();
  const reproducible = ["-o", "-H", "newc", "--quiet", "-R", "0:0", "--reproducible"];
  await run("find", [initrd, "-exec", "touch", "-hd", "@0", "{}", "+"]);
  return compress(await run("cpio", reproducible, { cwd: initrd, input: `${names.join("\n")}\n` }));
}
