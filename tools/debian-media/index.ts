/** The Debian 13 installer ISO and the mirror it installs from, built of apt's packages: no other network is needed. */
import { mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { requirePrograms } from "../programs";
import { build, ISO, MIRROR } from "./build";
import { downloadFolder } from "./downloads";
import { freshFolder, sha256, sha256OfFile, write } from "./files";
import { locked } from "./lock";
import { SUITE } from "./recipe";

/** Where they lie. */
export interface DebianMediaPlaces {
  readonly iso: string;
  /** The folder to serve by HTTP: it has debian/ in it. */
  readonly mirror: string;
}

export interface DebianMedia extends DebianMediaPlaces {
  readonly sha256: string;
  readonly suite: typeof SUITE;
}

export interface DebianMediaOptions {
  cacheDir: string;
  log: (line: string) => void;
}

const KEPT_MS = 7 * 24 * 3600 * 1000;

const PACKAGE_OF = {
  "apt-get": "apt",
  "dpkg-deb": "dpkg",
  cpio: "cpio",
  flock: "util-linux",
  gpg: "gpg",
  "gpg-agent": "gpg-agent",
  gpgconf: "gpgconf",
  mcopy: "mtools",
  mformat: "mtools",
  xorriso: "xorriso",
  xz: "xz-utils",
};

/** Builds them into the cache, or takes what was built there by the same recipe. */
export async function debianMedia({ cacheDir, log }: DebianMediaOptions): Promise<DebianMedia> {
  const target = join(cacheDir, await recipeHash());
  const present = await read(target);
  if (present) return present;
  await requirePrograms("building the installer media", PACKAGE_OF);
  const downloads = downloadFolder();
  await mkdir(downloads, { recursive: true });
  const wait = (): void => log("waiting for another process that builds the installer media");
  return locked(
    join(downloads, "lock"),
    wait,
    async () => (await read(target)) ?? buildInto(target, downloads, cacheDir, log),
  );
}

/** Where this recipe's lie as soon as they are built. */
export async function debianMediaPlaces(cacheDir: string): Promise<DebianMediaPlaces> {
  return placesIn(join(cacheDir, await recipeHash()));
}

async function buildInto(
  target: string,
  downloads: string,
  cacheDir: string,
  log: DebianMediaOptions["log"],
): Promise<DebianMedia> {
  const started = Date.now();
  const part = `${target}.part`;
  log("building the Debian installer ISO and its mirror (half a minute; the first time about 350 MB are downloaded)");
  await freshFolder(part);
  await build({ target: part, downloads }, log);
  await write(join(part, "iso.sha256"), `${await sha256OfFile(join(part, ISO))}\n`);
  await removeOthers(cacheDir, part);
  await rename(part, target);
  log(`built in ${Math.round((Date.now() - started) / 1000)} s`);
  return (await read(target)) ?? incomplete(target);
}

function placesIn(target: string): DebianMediaPlaces {
  return { iso: join(target, ISO), mirror: join(target, MIRROR) };
}

/** The media of this folder, which has its final name only when it is complete. */
async function read(target: string): Promise<DebianMedia | undefined> {
  const sum = await readFile(join(target, "iso.sha256"), "utf8").catch(() => undefined);
  return sum === undefined ? undefined : { ...placesIn(target), sha256: sum.trim(), suite: SUITE };
}

function incomplete(target: string): never {
  throw new Error(`${target} was removed while it was built; run it again`);
}

/** Whoever changes how it is built changes one of these files, and by that the name of the result. */
async function recipeHash(): Promise<string> {
  const names = (await readdir(__dirname)).filter((name) => name.endsWith(".ts")).sort();
  const texts = await Promise.all(names.map(async (name) => readFile(join(__dirname, name), "utf8")));
  return sha256(JSON.stringify([names, texts])).slice(0, 16);
}

/** What killed builds left, and what earlier recipes made unless it is new: a machine may be installing from it. */
async function removeOthers(cacheDir: string, keep: string): Promise<void> {
  const made = (await readdir(cacheDir)).filter((name) => /^[0-9a-f]{16}(\.part)?$/.test(name));
  for (const path of made.map((name) => join(cacheDir, name)).filter((path) => path !== keep)) {
    const { mtimeMs } = await stat(path);
    if (path.endsWith(".part") || Date.now() - mtimeMs > KEPT_MS) await rm(path, { recursive: true, force: true });
  }
}
