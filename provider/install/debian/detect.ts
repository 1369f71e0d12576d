import { KvmError } from "../../values/errors";
import type { IsoFacts, Release } from "../family";

const kernel = "install.amd/vmlinuz";
const title = ".disk/info";

export const recognisedBy = `${kernel}, ${title} and dists/CODENAME/Release`;

/** The title, the archive's Release, and the list of sums, which the remaster keeps true. */
export function probes(files: ReadonlySet<string>): string[] {
  const release = releaseFile(files);
  return [title, "md5sum.txt", ...(release === undefined ? [] : [release])].filter((file) => files.has(file));
}

/** Debian, and what is built from it with the same installer, such as Kali and Devuan. */
export function detectDebian({ files, texts }: Pick<IsoFacts, "files" | "texts">): Release | undefined {
  const info = texts.get(title)?.trim();
  const release = releaseFile(files);
  if (info === undefined || !isDebianLike(info)) return undefined;
  if (!files.has(kernel) && [...files].some((file) => file.startsWith("live/"))) throw liveSystem(info);
  if (!files.has(kernel) || release === undefined) return undefined;
  const codename = /^Codename: (\S+)$/m.exec(texts.get(release) ?? "")?.[1];
  return {
    family: "debian",
    title: info.split(" - ", 1)[0] ?? info,
    version: /^[^"]*?\b(\d[\w.]*|testing|unstable)\b/.exec(info)?.[1] ?? "",
    ...(codename === undefined ? {} : { codename }),
  };
}

/** Debian, Kali and Devuan name themselves so, and Ubuntu, whose ISOs once had this installer with other answers, doesn't. */
function isDebianLike(info: string): boolean {
  return /^(\w+ )+GNU\/Linux\b/.test(info);
}

function releaseFile(files: ReadonlySet<string>): string | undefined {
  return [...files].find((file) => /^dists\/[^/]+\/Release$/.test(file));
}

function liveSystem(info: string): KvmError {
  return new KvmError("unknown-iso", `the ISO holds a live system (${info}), whose installer takes no answers`, {
    property: "source",
    remedy: "Take a netinst or DVD ISO of the same release",
  });
}
