import { rm } from "node:fs/promises";
import { join } from "node:path";
import { openApt, type Apt } from "./apt";
import { withArchiveKey, type ArchiveKey } from "./archive-key";
import { machineDebs, settingsDeb } from "./debs";
import { freshFolder } from "./files";
import { makeInstaller } from "./installer";
import { makeIso } from "./iso";
import { writeIndexes } from "./mirror";
import { modulesUdeb } from "./modules-udeb";
import { SUITE } from "./recipe";
import { e2fsprogsUdeb, mirrorUdebs } from "./udebs";

export const ISO = "debian-13.iso";
export const MIRROR = "mirror";

interface Places {
  /** Where the results go. */
  readonly target: string;
  /** Downloads to keep for the next build. */
  readonly downloads: string;
}

/** Builds ISO and mirror into an empty folder. */
export async function build({ target, downloads }: Places, log: (line: string) => void): Promise<void> {
  log("reading Debian's package lists");
  const apt = await openApt(downloads);
  const work = await freshFolder(join(target, "work"));
  await withArchiveKey((key) => buildWith(apt, key, { target, downloads }, work, log));
  await rm(work, { recursive: true });
  await apt.get("autoclean");
}

async function buildWith(
  apt: Apt,
  key: ArchiveKey,
  places: Places,
  work: string,
  log: (line: string) => void,
): Promise<void> {
  const { target, downloads } = places;
  const mirror = join(target, MIRROR, "debian");
  log(`fetching the installer from ${apt.mirror}`);
  const installer = await makeInstaller(apt, work, key.keyring);
  log(`installer with kernel ${installer.kernelVersion}; fetching its components`);
  const udebs = await mirrorUdebs(apt, downloads, mirror, log);
  udebs.push(await e2fsprogsUdeb(apt, work, mirror), await modulesUdeb(apt, work, mirror, installer));
  log(`${udebs.length} components; fetching the machine's packages`);
  const debs = [...(await machineDebs(apt, mirror)), await settingsDeb(work, mirror, key.keyring)];
  log(`${debs.length} packages; signing the mirror of ${SUITE} and writing the ISO`);
  await writeIndexes(mirror, { udebs, debs }, key);
  await makeIso(apt, work, mirror, installer, join(target, ISO));
}
