import { KvmError } from "../../values/errors";
import type { IsoFacts, Release } from "../family";
import { menus } from "./media";

const kernel = "images/pxeboot/vmlinuz";
const installer = "images/install.img";
/** Three lines and more: a time, the version, the architecture. Every ISO has it. */
const discInfo = ".discinfo";
/** What DVDs have in addition, with the distribution's name. */
const treeInfo = ".treeinfo";

export const recognisedBy = `${kernel}, ${installer} and ${discInfo}`;

/** The files that name the release, and the menus, which say by which commands GRUB boots. */
export function probes(files: ReadonlySet<string>): string[] {
  return [discInfo, treeInfo, ...menus].filter((file) => files.has(file));
}

export function detectRedhat({ volumeId, files, texts }: IsoFacts): Release | undefined {
  if (!files.has(kernel)) return undefined;
  if (!files.has(installer) && files.has("LiveOS/squashfs.img")) throw liveSystem(volumeId);
  if (isImage(volumeId, texts.get(treeInfo))) throw imageSystem(volumeId);
  const [, version, architecture] = (texts.get(discInfo) ?? "").split("\n").map((line) => line.trim());
  if (!files.has(installer) || version === undefined || architecture !== "x86_64") return undefined;
  const title = `${distributionOf(texts.get(treeInfo), volumeId)} ${version}`;
  if (isTooOld(title, version)) throw tooOld(title);
  return { family: "redhat", title, version, hasPackages: [...files].some(isPackageList) };
}

/** Silverblue, Kinoite, IoT and their like: an image of a whole system, by ostree or bootc, in the place of packages. */
function isImage(volumeId: string, tree: string | undefined): boolean {
  const variant = /^variant\s*=\s*(\S+)/m.exec(tree ?? "")?.[1] ?? "";
  return (
    /-ostree\b/i.test(volumeId) || /^(Silverblue|Kinoite|Onyx|Sericea|Sway-Atomic|COSMIC-Atomic|IoT)$/i.test(variant)
  );
}

function imageSystem(volumeId: string): KvmError {
  return new KvmError(
    "unsupported",
    `the ISO (${volumeId}) installs an image by ostree, which no package can be added to`,
    {
      property: "source",
      remedy: "Take a boot, netinst or DVD ISO of Fedora Server or Everything",
    },
  );
}

function isPackageList(file: string): boolean {
  return `/${file}`.endsWith("/repodata/repomd.xml");
}

/** A boot ISO has its name in nothing but the volume id, such as `CentOS-Stream-10-BaseOS-x86_64`. */
function distributionOf(tree: string | undefined, volumeId: string): string {
  const named = /^\[release\]$[^[]*^name\s*=\s*(.*\S)/m.exec(tree ?? "")?.[1];
  return (
    named ??
    volumeId
      .replace(/-([A-Z]+-dvd|\d|x86).*$/, "")
      .replaceAll("-", " ")
      .replace(/^OL$/, "Oracle Linux")
  );
}

function isTooOld(title: string, version: string): boolean {
  return Number.parseInt(version, 10) < (title.startsWith("Fedora") ? 40 : 8);
}

function tooOld(title: string): KvmError {
  return new KvmError(
    "unsupported",
    `the ISO holds ${title}, whose installer does not know today's kickstart commands`,
    {
      property: "source",
      remedy: "Take Fedora 40 or later, or release 8 or later of RHEL and what is built from it",
    },
  );
}

function liveSystem(volumeId: string): KvmError {
  return new KvmError("unknown-iso", `the ISO holds a live system (${volumeId}), whose installer takes no kickstart`, {
    property: "source",
    remedy: "Take a boot, minimal, netinst or DVD ISO of the same release",
  });
}
