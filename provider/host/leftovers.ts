import { randomBytes } from "node:crypto";
import fs, { type FileHandle } from "node:fs/promises";
import path from "node:path";
import { isDeadProcess, processPattern, thisProcess } from "./processes";

const prefix = ".kvm-deploy-";
const pattern = new RegExp(`^${prefix.replace(".", String.raw`\.`)}(${processPattern.source})-[0-9a-f]+$`);

/**
 * A temporary name for a file that this process will rename or remove; no other file has it, and it identifies the
 * process.
 */
export function passingName(): string {
  return `${prefix}${thisProcess()}-${randomBytes(6).toString("hex")}`;
}

export function isPassing(name: string): boolean {
  return pattern.test(name);
}

/**
 * Removes the temporary files of dead processes from a directory. Other users may write to that directory: only files
 * of this user are removed, and no link is followed.
 */
export async function sweep(directory: string): Promise<void> {
  for (const name of await fs.readdir(directory).catch(() => [])) {
    const [, owner] = pattern.exec(name) ?? [];
    if (owner === undefined || !isDeadProcess(owner)) continue;
    // Another process may remove them at the same time.
    await removeLeft(path.join(directory, name)).catch(() => undefined);
  }
}

async function removeLeft(place: string): Promise<void> {
  const found = await fs.lstat(place);
  if (found.uid !== process.getuid?.()) return;
  if (found.isDirectory()) await removeDirectory(place, await openDirectory(place));
  else await fs.rm(place, { force: true });
}

/** Empties the open directory, wherever other users have moved it, and closes it. */
export async function removeDirectory(place: string, directory: FileHandle): Promise<void> {
  try {
    const inside = pinned(directory);
    for (const name of await fs.readdir(inside)) await fs.rm(path.join(inside, name), { recursive: true, force: true });
  } finally {
    await directory.close();
  }
  await fs.rmdir(place);
}

/** The directory itself, not a link to one. */
export async function openDirectory(directory: string): Promise<FileHandle> {
  return fs.open(directory, fs.constants.O_RDONLY | fs.constants.O_DIRECTORY | fs.constants.O_NOFOLLOW);
}

/**
 * A path of an open directory that stays valid if the directory is replaced; also for programs that this process
 * starts.
 */
export function pinned(directory: FileHandle): string {
  return `/proc/${process.pid}/fd/${directory.fd}`;
}
