import { createHash } from "node:crypto";
import path from "node:path";
import { mergeArguments } from "../format/kernel-arguments";
import type { AddedFile, Answers, BootMedia, IsoFacts } from "../install/family";
import { type Installation, installationPath, renderInstallation } from "../install/installation";
import { renderGrub, renderGrubPointer, renderIsolinux } from "./boot-config";
import { renderInitrd } from "./cpio";
import type { IsoContents } from "./inspect";

/** What makes a distribution's ISO install by itself. */
export interface RemasterPlan {
  /** Laid over the ISO's file system. */
  readonly files: readonly AddedFile[];
  /** Texts put in the place of those that are there. */
  readonly efiTexts: readonly EfiText[];
  /** Whether Red Hat's medium check is to pass. */
  readonly implantedMd5: boolean;
  /** The time that all of it bears, in seconds since 1970: the ISO's own, so that the same inputs give the same bytes. */
  readonly time: number;
}

/** A text file inside an EFI image. */
export interface EfiText {
  /** The byte of the ISO at which the image begins. */
  readonly image: number;
  /** Its path in the image. */
  readonly file: string;
  readonly text: string;
}

type PlannedIso = Pick<IsoContents, "texts" | "modified" | "places" | "efiImage" | "hasImplantedMd5">;

/** Volume id, kernel, initrd, boot loaders and boot records stay as they are. */
export function planRemaster(
  iso: PlannedIso,
  media: BootMedia,
  answers: Pick<Answers, "initrd" | "iso" | "bootArguments">,
  installation: Installation,
): RemasterPlan {
  const overlays = overlaysOf(media, answers.initrd);
  const entry = {
    kernel: media.kernel,
    initrds: [media.initrd, ...overlays.map((file) => file.path)],
    args: mergeArguments(media.baseArguments, answers.bootArguments),
    landmark: installationPath,
  };
  const files = [
    ...answers.iso,
    ...overlays,
    ...media.isolinux.map((file) => ({ path: file, content: renderIsolinux(entry), mode: 0o444 })),
    ...media.grub.map((file) => ({ path: file, content: renderGrub(entry, iso.texts.get(file)), mode: 0o444 })),
    { path: installationPath, content: renderInstallation(installation), mode: 0o444 },
  ];
  return {
    files: [...files, ...refreshedSums(iso, media, files)],
    efiTexts: efiTexts(iso, media),
    implantedMd5: media.implantedMd5 && iso.hasImplantedMd5,
    time: iso.modified,
  };
}

/** The archive that the kernel lays over the initrd, where there is anything for it. */
function overlaysOf({ initrd }: BootMedia, files: readonly AddedFile[]): AddedFile[] {
  if (files.length === 0) return [];
  const file = path.posix.join(path.posix.dirname(initrd), overlayName);
  return [{ path: file, content: renderInitrd(files), mode: 0o400 }];
}

/** isolinux knows plain ISO 9660 names only: eight letters, a dot, three letters. */
const overlayName = "answers.gz";

/** The menus inside EFI images lead to those of the ISO, so that their text is short, and the same for all answers. */
function efiTexts({ places, efiImage }: PlannedIso, { efiGrub, grub }: BootMedia): EfiText[] {
  return efiGrub.flatMap(({ image, file }) => {
    const offset = image === "appended" ? efiImage : places.get(image)?.offset;
    const menu = grub.includes(file) ? file : grub[0];
    if (offset === undefined || menu === undefined) return [];
    return [{ image: offset, file, text: renderGrubPointer(menu, installationPath) }];
  });
}

/** The list of MD5 sums with true lines for what was changed and new ones for what was added. */
function refreshedSums(iso: Pick<IsoFacts, "texts">, media: BootMedia, files: readonly AddedFile[]): AddedFile[] {
  const text = media.md5sums === undefined ? undefined : iso.texts.get(media.md5sums);
  if (media.md5sums === undefined || text === undefined) return [];
  return [{ path: media.md5sums, content: refreshSums(text, files), mode: 0o444 }];
}

export function refreshSums(text: string, files: readonly AddedFile[]): string {
  const changed = new Set(files.map((file) => file.path));
  const kept = text.split("\n").filter((line) => line !== "" && !changed.has(line.replace(/^\S+ [ *](\.\/)?/, "")));
  // isolinux.bin and its neighbours are changed when an ISO is made; that is why Debian lists none of that folder.
  const listed = files.filter((file) => !file.path.startsWith("isolinux/"));
  const added = listed.map((file) => `${createHash("md5").update(file.content).digest("hex")}  ./${file.path}`);
  return `${[...kept, ...added].join("\n")}\n`;
}
