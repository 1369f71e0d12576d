/**
 * Small installer ISOs with the real layout of each family and release: paths, volume ids, boot loaders and records,
 * menus, sums. Their Linux tells what it was given and powers off. Real distributions' ISOs are too big to keep at hand.
 */
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { freshFolder, sha256 } from "../debian-media/files";
import { locked } from "../debian-media/lock";
import { requirePrograms } from "../programs";
import { makeKernel } from "./kernel";
import { layouts } from "./layouts/index";

/** Such as `debian-13`. */
export const installerIsoNames = layouts.map(({ name }) => name);

const PACKAGE_OF = {
  "apt-get": "apt",
  cpio: "cpio",
  flock: "util-linux",
  genisoimage: "genisoimage",
  "grub-mkimage": "grub-common",
  implantisomd5: "isomd5sum",
  mcopy: "mtools",
  xorriso: "xorriso",
  xz: "xz-utils",
};

/** Where the ISO of each name lies; all are built at once, when the cache has none of this recipe. */
export async function installerIsos(cacheDir: string): Promise<(name: string) => string> {
  const target = join(cacheDir, await recipeHash());
  const pathOf = (name: string) => join(target, `${name}.iso`);
  if (await isThere(target)) return pathOf;
  await requirePrograms("building installer ISOs", PACKAGE_OF);
  await mkdir(cacheDir, { recursive: true });
  await locked(
    `${cacheDir}.lock`,
    () => undefined,
    async () => {
      if (await isThere(target)) return;
      await removeAllIn(cacheDir);
      await buildInto(target);
    },
  );
  return pathOf;
}

async function buildInto(target: string): Promise<void> {
  const [part, work] = [await freshFolder(`${target}.part`), await freshFolder(`${target}.work`)];
  const { kernel, initrdFor, loaders } = await makeKernel(work);
  for (const { name, write } of layouts) {
    const parts = { work, loaders, kernel: { file: kernel }, initrd: await initrdFor(name) };
    await write(join(part, `${name}.iso`), parts);
  }
  await rm(work, { recursive: true });
  await rename(part, target);
}

/** What earlier recipes made, and what killed builds left. */
async function removeAllIn(cacheDir: string): Promise<void> {
  const names = await readdir(cacheDir).catch(() => []);
  for (const name of names) await rm(join(cacheDir, name), { recursive: true });
}

async function isThere(folder: string): Promise<boolean> {
  return readdir(folder).then(
    () => true,
    () => false,
  );
}

/** Whoever changes how they are built changes one of these files, and by that the name of the result. */
async function recipeHash(): Promise<string> {
  const own = (await readdir(__dirname, { recursive: true })).filter((name) => /\.(ts|sh)$/.test(name)).sort();
  const names = [...own, "../small-linux.ts"];
  const texts = await Promise.all(names.map(async (name) => readFile(join(__dirname, name), "utf8")));
  return sha256(JSON.stringify([names, texts])).slice(0, 16);
}
