import { KvmError } from "../../values/errors";
import type { IsoFacts, Release } from "../family";
import { menu, menus } from "./media";

const products = "media.1/products";

export const recognisedBy = `${products} and ${menu}`;

/** The files that name the release, and the menus, which say by which commands GRUB boots. */
export function probes(files: ReadonlySet<string>): string[] {
  return [products, ...menus].filter((file) => files.has(file));
}

/** The line of the medium's product: `/ openSUSE-Leap 15.6-0`. */
export function detectSuse({ files, texts }: Pick<IsoFacts, "files" | "texts">): Release | undefined {
  const [, name, version] = /^\/ (\S+) (\S+?)(?:-\d+)?$/m.exec(texts.get(products) ?? "") ?? [];
  if (name === undefined || version === undefined || !files.has(menu)) return undefined;
  const title = `${name.replaceAll("-", " ")} ${version}`;
  if (isTooOld(version)) throw tooOld(title);
  if (isOther(version)) throw other(title);
  return { family: "suse", title, version, ...(title.startsWith("SLE") ? { hasPackages: hasModules(files) } : {}) };
}

/** The full ISO of SLE has a directory for each module, and the online ISO has none. */
function hasModules(files: ReadonlySet<string>): boolean {
  return [...files].some((file) => file.startsWith("Module-"));
}

/** Older installers don't know the word by which these answers encrypt a disk, and would leave it plain without a word. */
function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major < 15 || (major === 15 && minor < 3);
}

/** Tumbleweed and MicroOS have a newer YaST, whose answers were never compared with those of 15. */
function isOther(version: string): boolean {
  return Number.parseInt(version, 10) !== 15;
}

function other(title: string): KvmError {
  return new KvmError("unsupported", `the ISO holds ${title}, whose YaST is not that of release 15`, {
    property: "source",
    remedy: "Take an ISO of Agama, whose volume id starts with Install-, or openSUSE Leap 15 or SLES 15",
  });
}

function tooOld(title: string): KvmError {
  return new KvmError("unsupported", `the ISO holds ${title}, whose installer takes older answers`, {
    property: "source",
    remedy: "Take openSUSE Leap 15.3 or SLES 15 SP3, or a later release",
  });
}
