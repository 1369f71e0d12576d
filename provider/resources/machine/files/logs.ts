import type { Files } from "../../../host/files";
import type { Host } from "../../../resource/host";
import { Conflict } from "../../../values/errors";
import type { MachineInputs } from "../schema/machine";

export function consoleLogOf(
  { directories }: Host,
  { consoleLog, name }: Pick<MachineInputs, "consoleLog" | "name">,
): string {
  return consoleLog ?? `${directories.consoles}/${name}.log`;
}

export const installerLogEnd = ".installer.log";

export function installerLogOf({ directories }: Host, { name }: Pick<MachineInputs, "name">): string {
  return `${directories.consoles}/${name}${installerLogEnd}`;
}

/** The picture of the display of an installation that stood still. */
export function pictureOf({ directories }: Host, { name }: Pick<MachineInputs, "name">): string {
  return `${directories.consoles}/${name}.installer.png`;
}

/** The directory must exist, and no file may ever be readable by others, because consoles may show secrets. */
export async function makeLog({ files }: Pick<Host, "files">, log: string): Promise<void> {
  await requireLogFile(files, log);
  await files.createDirectory(log.slice(0, log.lastIndexOf("/")) || "/", 0o711);
  if ((await files.stat(log)) === undefined) await files.write(log, "");
}

/** An existing log has another owner. The name of a log in kvm-deploy's own directory need not be recorded. */
export async function filesToMake({ files, directories }: Host, log: string): Promise<string[]> {
  const isElsewhere = !log.startsWith(`${directories.consoles}/`);
  return isElsewhere && (await files.stat(log)) === undefined ? [log] : [];
}

/** Reads a log once, from its start. */
export interface LogReader {
  /** The text that was written since the previous call. */
  next(): Promise<string>;
}

/**
 * libvirt's log daemon starts a new file at 2 MiB, and keeps the earlier ones as `.0` (the newest), `.1`, … So a file is known
 * by its identity, whatever its name has become.
 * @param most bytes of the first text: of a longer log its end
 */
export function readerOf(files: Files, log: string, most = Infinity): LogReader {
  const decoder = new TextDecoder();
  let place: Place | undefined;
  return {
    next: async () => {
      const found = await readSince(files, log, place);
      const bytes = place === undefined ? found.bytes.subarray(-Math.min(most, found.bytes.length || 1)) : found.bytes;
      place = found.place;
      return decoder.decode(bytes, { stream: true });
    },
  };
}

/** The end of what was read. */
interface Place {
  readonly identity: string;
  readonly offset: number;
}

interface LogFile {
  readonly file: string;
  readonly identity: string;
}

async function readSince(
  files: Files,
  log: string,
  place: Place | undefined,
): Promise<{ readonly bytes: Buffer; readonly place: Place | undefined }> {
  for (;;) {
    const present = await identifiedFiles(files, log);
    const unread = present.slice(
      Math.max(
        0,
        present.findIndex(({ identity }) => identity === place?.identity),
      ),
    );
    const texts: Buffer[] = [];
    let end = place;
    for (const { file, identity } of unread) {
      const offset = identity === place?.identity ? place.offset : 0;
      const text = await files.readFrom(file, offset);
      texts.push(text);
      end = { identity, offset: offset + text.length };
    }
    // A rotation in between may have exchanged the files while they were read.
    const after = await identifiedFiles(files, log);
    if (after.length === present.length && after.every(({ identity }, index) => identity === present[index]?.identity))
      return { bytes: Buffer.concat(texts), place: end };
  }
}

/** The oldest is first. */
async function identifiedFiles(files: Files, log: string): Promise<readonly LogFile[]> {
  const found: LogFile[] = [];
  for (const file of await filesOf(files, log)) {
    const identity = await files.fingerprint(file);
    if (identity !== undefined) found.unshift({ file, identity });
  }
  return found;
}

/** libvirt's log daemon follows a link as root. @throws Conflict if no log can be written there */
export async function requireLogFile(files: Files, log: string): Promise<void> {
  const isLink = await files.isLink(log);
  if (!isLink && (await files.stat(log))?.isFile !== false) return;
  throw new Conflict(`${log} is ${isLink ? "a link" : "no file"}, but the console's log must be a file`, {
    property: "consoleLog",
    remedy: "Give the path of a file, existing or not",
  });
}

/** A log without the content of an earlier machine or installation. */
export async function emptyLog(files: Files, log: string): Promise<void> {
  await makeLog({ files }, log);
  await files.write(log, "");
  for (const file of (await filesOf(files, log)).slice(1)) await files.remove(file);
}

export async function removeLog(files: Files, log: string): Promise<void> {
  for (const file of await filesOf(files, log)) await files.remove(file);
}

/** Removes the logs of a machine that is off; succeeds if there is none. */
export async function moveLog(files: Files, from: string, to: string): Promise<void> {
  for (const file of await filesOf(files, from))
    if ((await files.stat(file)) !== undefined) await files.rename(file, `${to}${file.slice(from.length)}`);
}

/** The newest is first. */
async function filesOf(files: Files, log: string): Promise<string[]> {
  const found = [log];
  for (let number = 0; (await files.stat(`${log}.${number}`)) !== undefined; number += 1)
    found.push(`${log}.${number}`);
  return found;
}
