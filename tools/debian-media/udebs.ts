/** The installer's own packages: most from the mirror, two repacked from ordinary packages. */
import { readFile, readdir, mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { gunzip } from "node:zlib";
import { promisify } from "node:util";
import type { Apt } from "./apt";
import { buildPackage } from "./build-deb";
import { field, parseStanzas, type Stanza } from "./deb822";
import { copy, freshFolder, linkTo, share, sha256 } from "./files";
import { SUITE, UDEBS, UNNEEDED_UDEBS } from "./recipe";
import { run } from "./run";

const INDEX = "main/debian-installer/binary-amd64/Packages.gz";

/** Fetches the wanted udebs into the mirror's pool; their entries. */
export async function mirrorUdebs(
  apt: Apt,
  cache: string,
  mirror: string,
  log: (line: string) => void,
): Promise<Stanza[]> {
  const folder = join(cache, "udebs");
  await mkdir(folder, { recursive: true });
  const known = new Map((await udebIndex(apt, folder, log)).map((entry) => [field(entry, "Package"), entry]));
  const entries = UDEBS.map((name) => known.get(name) ?? missing(name));
  for (const entry of entries) {
    const file = join(folder, basename(field(entry, "Filename")));
    await apt.fetch(field(entry, "Filename"), file, field(entry, "SHA256"));
    await share(file, join(mirror, field(entry, "Filename")));
  }
  return entries.map(withoutUnneeded);
}

/**
 * Not read through apt: in the middle of a point release a mirror may serve an index that its signed Release file doesn't
 * describe yet, and apt then drops all lists. The machine that installs from these has no other network.
 */
async function udebIndex(apt: Apt, folder: string, log: (line: string) => void): Promise<Stanza[]> {
  const file = join(folder, "Packages.gz");
  await apt.fetch(`dists/${SUITE}/${INDEX}`, file);
  const packed = await readFile(file);
  if (!apt.release.includes(sha256(packed))) {
    log(
      "warning: the mirror's list of installer components isn't the one in its signed Release file; used all the same",
    );
  }
  return parseStanzas((await promisify(gunzip)(packed)).toString());
}

function missing(name: string): never {
  throw new Error(
    `the Debian mirror has no installer component "${name}" for ${SUITE}; the lists in recipe.ts need an update`,
  );
}

function withoutUnneeded(entry: Stanza): Stanza {
  const depends = (entry["Depends"] ?? "").split(/, */).filter((name) => !UNNEEDED_UDEBS.includes(name));
  return { ...entry, Depends: depends.join(", ") };
}

/** A component that the mirror doesn't serve, repacked from the ordinary packages. */
export async function e2fsprogsUdeb(apt: Apt, work: string, mirror: string): Promise<Stanza> {
  const full = await freshFolder(join(work, "e2fsprogs"));
  const tree = await freshFolder(join(work, "e2fsprogs-udeb"));
  for (const archive of await apt.download("e2fsprogs", "libext2fs2t64", "libcom-err2", "libss2")) {
    await run("dpkg-deb", ["-x", archive, full]);
  }
  const programs = ["usr/sbin/mke2fs", "usr/sbin/e2fsck", "usr/sbin/tune2fs", "etc/mke2fs.conf"];
  for (const path of [...programs, ...(await librariesIn(full))]) await copy(join(full, path), join(tree, path));
  await linkTo("mke2fs", join(tree, "usr/sbin/mkfs.ext4"));
  await linkTo("e2fsck", join(tree, "usr/sbin/fsck.ext4"));
  const [entry = {}] = await apt.show(["e2fsprogs"]);
  return buildPackage(mirror, tree, "udeb", {
    Package: "e2fsprogs-udeb",
    Version: field(entry, "Version"),
    Architecture: "amd64",
    Section: "debian-installer",
    Priority: "standard",
    Depends: "libc6-udeb, libblkid1-udeb, libuuid1-udeb",
    Description: "ext4 file system utilities",
  });
}

/** Under the names that programs ask for; a link among them becomes a file of that name. */
async function librariesIn(root: string): Promise<string[]> {
  const folder = "usr/lib/x86_64-linux-gnu";
  const names = await readdir(join(root, folder));
  return names.filter((name) => /^lib.*\.so\.\d+$/.test(name)).map((name) => join(folder, name));
}
