import path from "node:path";
import { createHash } from "node:crypto";
import { KvmError } from "../errors";
import type { AddedFile, Answers, BootMedia, IsoFacts } from "../install/family";
import { type Installation, installationPath, renderInstallation } from "../install/installation";
import { renderGrub, renderIsolinux } from "./boot-config";
import { mergeArguments } from "./cmdline";
import { renderInitrd } from "./cpio";
import type { IsoContents, IsoHost } from "./inspect";
import { appendingPatches, type Patch, sessionStart } from "./session";

/** What is laid over the ISO's file system. */
export interface RemasterPlan {
  readonly files: readonly AddedFile[];
  /** The time that all of it bears, in seconds since 1970: the ISO's own, so that the same inputs give the same bytes. */
  readonly time: number;
}

/** Volume id, kernel, initrd, boot loaders and boot records stay as they are. */
export function planRemaster(
  iso: Pick<IsoContents, "texts" | "modified">,
  media: BootMedia,
  answers: Pick<Answers, "initrd" | "iso" | "bootArguments">,
  installation: Installation,
): RemasterPlan {
  const overlay = path.posix.join(path.posix.dirname(media.initrd), overlayName);
  const entry = {
    kernel: media.kernel,
    initrds: [media.initrd, overlay],
    args: mergeArguments(media.baseArguments, answers.bootArguments),
    landmark: installationPath,
  };
  const files = [
    { path: overlay, content: renderInitrd(answers.initrd), mode: 0o400 },
    ...media.isolinux.map((file) => ({ path: file, content: renderIsolinux(entry), mode: 0o444 })),
    ...media.grub.map((file) => ({ path: file, content: renderGrub(entry), mode: 0o444 })),
    { path: installationPath, content: renderInstallation(installation), mode: 0o444 },
  ];
  return { files: [...files, ...refreshedSums(iso, media, files)], time: iso.modified };
}

/** isolinux knows plain ISO 9660 names only: eight letters, a dot, three letters. */
const overlayName = "answers.gz";

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

/** Where the pieces of a remaster lie. */
export interface SessionPlaces {
  readonly source: string;
  /** The plan's files, by their number. */
  readonly folder: string;
  /** What xorriso writes. */
  readonly session: string;
  /** The sector at which the session will begin. */
  readonly start: number;
}

/** xorriso's arguments that write the session to append to a copy of the source; the source itself is only read. */
export function xorrisoArguments({ source, folder, session, start }: SessionPlaces, plan: RemasterPlan): string[] {
  const { files, time } = plan;
  const paths = files.map((file) => `/${file.path}`);
  const folders = [...new Set(paths.flatMap(parentsOf))];
  const date = `=${time}`;
  return [
    // Without -no_rc it would follow the settings of the user and of the host, too.
    ...["-no_rc", "-report_about", "WARNING", "-stdio_sync", "off", "-indev", source, "-outdev", session],
    ...["-grow_blindly", String(start), "-boot_image", "any", "keep", "-overwrite", "on"],
    ...files.flatMap((file, index) => ["-map", path.join(folder, String(index)), `/${file.path}`]),
    ...files.flatMap((file) => ["-chmod", `0${file.mode.toString(8)}`, `/${file.path}`, "--"]),
    ...["-chown", "0", ...paths, "--", "-chgrp", "0", ...paths, "--"],
    ...["-alter_date", "b", date, ...paths, ...folders, "--", "-alter_date", "c", date, ...paths, ...folders, "--"],
    // Never with -padding 0: GRUB on BIOS can't read a file in the last blocks of a medium.
    ...["-volume_date", "c", date, "-volume_date", "m", date, "-commit", "-end"],
  ];
}

function parentsOf(file: string): string[] {
  const parent = path.posix.dirname(file);
  return parent === "/" ? ["/"] : [parent, ...parentsOf(parent)];
}

/**
 * Copies `source` beside `target`, appends to the copy, and only then lets it take target's place: whoever reads the
 * target sees an old or a new ISO, never half of one. Both are readable for their owner only, as answers hold secrets.
 */
export async function remaster(
  source: string,
  target: string,
  plan: RemasterPlan,
  host: IsoHost,
  signal?: AbortSignal,
): Promise<void> {
  const copy = `${target}.part`;
  try {
    // xorriso rests for a tenth of a second whatever it writes; meanwhile the copy is made.
    const [patches] = await bothDone(writeSession(source, plan, host, signal), copyOrExplain(source, copy, host));
    for (const { offset, content } of patches) await host.files.writeAt(copy, offset, content);
    await host.files.rename(copy, target);
  } catch (error) {
    await host.files.remove(copy);
    throw error;
  }
}

async function writeSession(
  source: string,
  plan: RemasterPlan,
  host: IsoHost,
  signal: AbortSignal | undefined,
): Promise<Patch[]> {
  const start = sessionStart((await host.files.stat(source))?.bytes ?? 0);
  return host.files.withTemporaryFolder(async (folder) => {
    const session = path.join(folder, "session");
    const writes = plan.files.map(({ content }, index) => host.files.write(path.join(folder, String(index)), content));
    await Promise.all(writes);
    const args = xorrisoArguments({ source, folder, session, start }, plan);
    await host.run("xorriso", args, signal === undefined ? {} : { signal });
    return appendingPatches(await host.files.readFrom(session, 0), start);
  });
}

/** Unlike Promise.all it fails only when nothing goes on any more, so that what was made can be removed. */
async function bothDone<One, Other>(one: Promise<One>, other: Promise<Other>): Promise<[One, Other]> {
  await Promise.allSettled([one, other]);
  return Promise.all([one, other]);
}

const mebibyte = 2 ** 20;

async function copyOrExplain(source: string, copy: string, host: IsoHost): Promise<void> {
  try {
    await host.files.copy(source, copy, 0o600);
  } catch (error) {
    if (!(error instanceof KvmError) || error.code !== "no-space") throw error;
    throw await noSpace(source, copy, error, host);
  }
}

async function noSpace(source: string, copy: string, cause: KvmError, host: IsoHost): Promise<KvmError> {
  await host.files.remove(copy);
  const folder = path.dirname(copy);
  const needed = Math.ceil(((await host.files.stat(source))?.bytes ?? 0) / mebibyte) + 1;
  const free = Math.floor((await host.files.freeSpace(folder)) / mebibyte);
  return new KvmError("no-space", `the ISO needs ${needed} MiB in ${folder}, where ${free} MiB are free`, {
    property: "directory",
    remedy: "Free space there, or name another `directory`",
    cause,
  });
}
