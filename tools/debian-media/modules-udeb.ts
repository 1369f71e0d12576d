/** The kernel modules that the installer's initrd lacks, taken from the package of the installer's own kernel. */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Apt } from "./apt";
import { buildPackage } from "./build-deb";
import { field, type Stanza } from "./deb822";
import { copy, freshFolder } from "./files";
import type { Installer } from "./installer";
import { MODULES, MODULE_UDEBS } from "./recipe";
import { run } from "./run";

/** Debian's own udebs with modules change with each point release, and the mirror's index of udebs may lag behind. */
export async function modulesUdeb(apt: Apt, work: string, mirror: string, installer: Installer): Promise<Stanza> {
  const { kernelVersion } = installer;
  const image = `linux-image-${kernelVersion}`;
  const [archive = ""] = await apt.download(image);
  const [entry = {}] = await apt.show([image]);
  const full = await freshFolder(join(work, "kernel"));
  await run("dpkg-deb", ["-x", archive, full]);
  const tree = await freshFolder(join(work, "modules"));
  const wanted = await withDependencies(await modulesIn(full), MODULES);
  const missing = wanted.filter((path) => !existsSync(join(installer.root, path)));
  for (const path of missing) await copy(join(full, path), join(tree, path));
  return buildPackage(mirror, tree, "udeb", {
    Package: `kvm-deploy-modules-${kernelVersion}-di`,
    Version: field(entry, "Version"),
    Architecture: "amd64",
    Section: "debian-installer",
    Priority: "standard",
    "Kernel-Version": kernelVersion,
    Provides: MODULE_UDEBS.join(", "),
    Depends: `kernel-image-${kernelVersion}-di`,
    Description: "kernel modules for a virtual machine",
  });
}

interface Modules {
  readonly root: string;
  /** Module name -> path below root. */
  readonly paths: ReadonlyMap<string, string>;
}

async function modulesIn(root: string): Promise<Modules> {
  const files = (await readdir(join(root, "usr/lib/modules"), { recursive: true })).filter((name) =>
    /\.ko(\.\w+)?$/.test(name),
  );
  return { root, paths: new Map(files.map((name) => [nameOf(name), join("usr/lib/modules", name)])) };
}

/** The kernel takes "-" and "_" in a module's name for the same. */
function nameOf(path: string): string {
  return basename(path)
    .replace(/\.ko(\.\w+)?$/, "")
    .replaceAll("-", "_");
}

/** The paths of these modules and of all that they depend on; one that has no file is built into the kernel. */
async function withDependencies(modules: Modules, names: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  const todo = [...names];
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    const path = modules.paths.get(name);
    if (path === undefined || found.has(path)) continue;
    found.add(path);
    todo.push(...(await dependenciesOf(join(modules.root, path))));
  }
  return [...found];
}

/** Read from the module itself, as modinfo isn't on every machine. */
async function dependenciesOf(path: string): Promise<string[]> {
  const module = (await run("xz", ["-dc", path])).toString("latin1");
  const names = /\0depends=(.*?)\0/.exec(module)?.[1] ?? "";
  return names.split(",").filter(Boolean).map(nameOf);
}
