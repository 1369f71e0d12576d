import { spawn } from "node:child_process";
import { once } from "node:events";
import fs, { type FileHandle } from "node:fs/promises";
import path from "node:path";
import { CommandFailed, KvmError } from "../values/errors";
import { explained } from "./file-errors";
import type { Files } from "./files";
import { type HeldFile, type LockFiles, type LockPlace, onAbort, parseHolder, type Turn } from "./lock";
import { isDeadProcess, thisProcess } from "./processes";
import { missingProgram } from "./programs";

const lines = new Map<string, Turn[]>();

/** Files on this machine, locked by flock. */
export function localLockFiles(files: Files): LockFiles {
  return {
    lines,
    holder: () => Promise.resolve(thisProcess()),
    read: (file) => fs.readFile(file, "utf8"),
    take: (place, waits, signal) => take({ ...place, files }, waits, signal),
  };
}

/** Removes the files of locks whose holder was killed. */
export async function sweepLocks(directory: string, files: Files): Promise<void> {
  for (const name of await files.list(directory)) {
    const file = path.join(directory, name);
    const holder = parseHolder(await files.readTextIfPresent(file).catch(() => undefined));
    if (holder !== undefined && !isDeadProcess(holder.process)) continue;
    const handle = await openLock({ directory, file, files });
    if (await locks(handle, ["--nonblock"], undefined)) await remove({ directory, file, files }, handle);
    else await handle.close();
  }
}

interface Place extends LockPlace {
  readonly files: Files;
}

/** Short, because a waiting flock continues after this process is killed. */
const attemptSeconds = 5;

async function take(place: Place, waits: boolean, signal: AbortSignal | undefined): Promise<HeldFile | undefined> {
  for (;;) {
    const handle = await openLock(place);
    try {
      const how = waits ? ["--timeout", String(attemptSeconds)] : ["--nonblock"];
      const isLocked = await locks(handle, how, signal);
      if (isLocked && (await isStill(place.file, handle))) return heldFile(place, handle);
      await handle.close();
      if (!isLocked) return undefined;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }
}

function heldFile(place: Place, handle: FileHandle): HeldFile {
  return {
    write: async (text) => {
      await handle.truncate(0);
      await handle.write(text, 0);
    },
    release: () => remove(place, handle),
  };
}

/** The last lock of a directory removes it, even while this process opens a lock there. */
async function openLock({ directory, file, files }: Place): Promise<FileHandle> {
  const { O_RDWR, O_CREAT, O_NOFOLLOW } = fs.constants;
  for (;;) {
    await files.createDirectory(directory, 0o700);
    try {
      return await explained(file, "write", () => fs.open(file, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600));
    } catch (error) {
      if (!(error instanceof KvmError) || error.code !== "not-found") throw error;
    }
  }
}

async function remove({ directory, file, files }: Place, handle: FileHandle): Promise<void> {
  try {
    if (await isStill(file, handle)) await fs.rm(file, { force: true });
  } finally {
    await handle.close();
  }
  await files.removeEmptyDirectory(directory);
}

async function isStill(file: string, handle: FileHandle): Promise<boolean> {
  const [there, own] = await Promise.all([
    fs.lstat(file, { bigint: true }).catch(() => undefined),
    handle.stat({ bigint: true }),
  ]);
  return there?.ino === own.ino && there.dev === own.dev;
}

const isTaken = 75;

/**
 * Whether flock has locked the open file. The lock belongs to every process that has the file open, which is this
 * process alone after flock has ended.
 */
async function locks(handle: FileHandle, how: readonly string[], signal: AbortSignal | undefined): Promise<boolean> {
  const args = ["--exclusive", ...how, "--conflict-exit-code", String(isTaken), "0"];
  // A process group of its own: this process handles the user's interruption.
  const child = spawn("flock", args, { stdio: [handle.fd, "ignore", "ignore"], detached: true });
  const dispose = onAbort(signal, () => child.kill());
  try {
    const [exitCode] = (await once(child, "close")) as [number | null];
    if (exitCode === 0) return true;
    if (exitCode === isTaken || signal?.aborted === true) return false;
    throw new CommandFailed({ command: ["flock", ...args], exitCode: exitCode ?? undefined, stdout: "", stderr: "" });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === "ENOENT" ? missingProgram("flock") : error;
  } finally {
    dispose();
  }
}
