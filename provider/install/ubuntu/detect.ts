import { KvmError } from "../../values/errors";
import type { IsoFacts, Release } from "../family";

const kernel = "casper/vmlinuz";
const title = ".disk/info";
/** The first lists what an ISO can install, since 22.04; before, the second is the installer itself. */
const proofs = ["casper/install-sources.yaml", "casper/installer.squashfs"] as const;

export const recognisedBy = `${kernel}, ${title} of Ubuntu-Server, and ${proofs.join(" or ")}`;

/** The title, the archive's Release, and the list of sums, which the remaster keeps true. */
export function probes(files: ReadonlySet<string>): string[] {
  return [title, "md5sum.txt", ...releaseFiles(files)].filter((file) => files.has(file));
}

export function detectUbuntu({ files, texts }: Pick<IsoFacts, "files" | "texts">): Release | undefined {
  const info = texts.get(title)?.trim();
  if (info === undefined || !/^Ubuntu\b|^\w*ubuntu\b/.test(info) || !files.has(kernel)) return undefined;
  if (!info.startsWith("Ubuntu-Server ")) throw liveSystem(info);
  if (!proofs.some((file) => files.has(file)) && !hasServerLayers(files)) return undefined;
  const codename = releaseFiles(files).flatMap(
    (file) => /^Codename: (\S+)$/m.exec(texts.get(file) ?? "")?.[1] ?? [],
  )[0];
  return {
    family: "ubuntu",
    title: info.split(" - ", 1)[0] ?? info,
    version: /^Ubuntu-Server (\S+)/.exec(info)?.[1] ?? "",
    ...(codename === undefined ? {} : { codename }),
  };
}

/** From 20.10 to 21.10 an ISO has neither. */
function hasServerLayers(files: ReadonlySet<string>): boolean {
  return [...files].some((file) => /^casper\/.*ubuntu-server.*\.squashfs$/.test(file));
}

/** There are some for pockets of the archive too, which say the same. */
function releaseFiles(files: ReadonlySet<string>): string[] {
  return [...files].filter((file) => /^dists\/[a-z]+\/Release$/.test(file));
}

function liveSystem(info: string): KvmError {
  return new KvmError("unknown-iso", `the ISO holds a desktop system (${info}), not Ubuntu Server's installer`, {
    property: "source",
    remedy: "Take the live-server ISO of the same release",
  });
}
