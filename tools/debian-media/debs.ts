/** The packages of the machine to be, resolved and fetched by apt, and one of our own. */
import { join } from "node:path";
import type { Apt } from "./apt";
import { buildPackage } from "./build-deb";
import { field, type Stanza } from "./deb822";
import { freshFolder, share, write } from "./files";
import { BASE, BOOT_LOADERS, PACKAGES, SETTINGS } from "./recipe";

/** Fetches them into the mirror's pool; their entries. */
export async function machineDebs(apt: Apt, mirror: string): Promise<Stanza[]> {
  const names = new Set<string>();
  for (const loader of BOOT_LOADERS) {
    for (const name of await apt.resolve([...PACKAGES, ...loader])) names.add(name);
  }
  const entries = await apt.show([...names].sort());
  await Promise.all(entries.map((entry) => share(apt.archive(entry), join(mirror, field(entry, "Filename")))));
  return entries.map(asBase);
}

/** The installer's bootstrap takes the packages of these priorities. */
function asBase(entry: Stanza): Stanza {
  return BASE.includes(field(entry, "Package")) ? { ...entry, Priority: "important" } : entry;
}

/** Required, so that every machine has it: by it the machine's apt trusts the mirror. */
export async function settingsDeb(work: string, mirror: string, keyring: Buffer): Promise<Stanza> {
  const tree = await freshFolder(join(work, "settings"));
  await write(join(tree, "etc/apt/trusted.gpg.d/kvm-deploy.gpg"), keyring);
  for (const [path, text] of Object.entries(SETTINGS)) await write(join(tree, path), text);
  return buildPackage(mirror, tree, "deb", {
    Package: "kvm-deploy-archive",
    Version: "1",
    Architecture: "all",
    Section: "misc",
    Priority: "required",
    Description: "archive key and settings of a local mirror",
  });
}
