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

export function detectDebian({ files, texts }: Pick<IsoFacts, "files" | "texts">): Release | undefined {
  const info = texts.get(title)?.trim();
  const release = releaseFile(files);
  if (info === undefined || !info.startsWith("Debian ")) return undefined;
  if (!files.has(kernel) && [...files].some((file) => file.startsWith("live/"))) throw liveSystem(info);
  if (!files.has(kernel) || release === undefined) return undefined;
  const codename = /^Codename: (\S+)$/m.exec(texts.get(release) ?? "")?.[1];
  return {
    family: "debian",
    title: info.split(" - ", 1)[0] ?? info,
    version: /^Debian GNU\/Linux (\S+)/.exec(info)?.[1] ?? "",
    ...(codename === undefined ? {} : { codename }),
  };
}

function releaseFile(files: ReadonlySet<string>): string | undefined {
  return [...files].find((file) => /^dists\/[^/]+\/Release$/.test(file));
}

function liveSystem(info: string): KvmError {
  return new KvmError("unknown-iso", `the ISO holds a live system (${info}), whose installer can't be told answers`, {
    property: "source",
    remedy: "Take a netinst or DVD ISO of the same release",
  });
}
