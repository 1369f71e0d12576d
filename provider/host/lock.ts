import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import fs, { type FileHandle } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { CommandFailed, KvmError } from "../values/errors";
import type { Clock } from "./clock";
import { explained } from "./file-errors";
import type { Files } from "./files";
import { isDeadProcess, thisProcess } from "./processes";
import { missingProgram } from "./programs";

/** The requester of a lock; a handler's context is one. */
export interface LockRequest {
  /** The name in other programs' messages while they wait. */
  readonly urn?: string;
  /** Gets the name of the holder during a wait. */
  readonly progress?: (text: string) => void;
  /** Ends the wait when it is aborted. */
  readonly signal?: AbortSignal;
}

/**
 * Runs `work` while no other call or program that manages this host holds the same name. It waits as long as the holder
 * lives. A holder that requests its own name again waits for ever.
 * @throws KvmError "interrupted" if the signal is aborted during the wait
 */
export type Lock = <T>(name: string, work: () => Promise<T>, request?: LockRequest) => Promise<T>;

/**
 * Locks by flock on files. They hold for all programs that see the directory, in every network, container and user
 * account, and the kernel releases them when their process ends in any way. The holder of a lock removes its file, so a
 * waiting program checks afterwards whether it has locked the current file of that name.
 */
export function fileLock(directory: string, files: Files, clock: Clock): Lock {
  return async (name, work, request = {}) => {
    const lock = { directory, file: path.join(directory, fileNameOf(name)), name, files, clock };
    const held = await obtain(lock, request);
    try {
      await writeHolder(held, name, request);
      return await work();
    } finally {
      await passOn(lock, held);
    }
  };
}

/** Removes the files of locks whose holder was killed. */
export async function sweepLocks(directory: string, files: Files): Promise<void> {
  for (const name of await files.list(directory)) {
    const file = path.join(directory, name);
    const holder = await holderIn(file);
    if (holder !== undefined && !isDeadProcess(holder.process)) continue;
    const handle = await openLock({ directory, file, files });
    if (await locks(handle, ["--nonblock"], undefined)) await remove({ directory, file, files }, handle);
    else await handle.close();
  }
}

interface Place {
  readonly directory: string;
  readonly file: string;
  readonly files: Files;
}

interface NamedLock extends Place {
  readonly name: string;
  readonly clock: Clock;
}

/** Calls of this process that wait for a lock which this process holds or waits for. */
type Line = Turn[];

interface Turn {
  /** @param held undefined if the previous call has stopped waiting */
  take(held: FileHandle | undefined): void;
}

const lines = new Map<string, Line>();

/**
 * Within a process calls get the lock in the order of their requests, without another flock: a hundred volumes of a
 * pool are one lock.
 */
async function obtain(lock: NamedLock, request: LockRequest): Promise<FileHandle> {
  const line = lines.get(lock.file);
  if (line === undefined) lines.set(lock.file, []);
  const handed = line === undefined ? undefined : await turnIn(line, lock, request);
  if (handed !== undefined) return handed;
  try {
    return await lockFile(lock, request);
  } catch (error) {
    nextOf(lock.file)?.take(undefined);
    throw error;
  }
}

async function turnIn(line: Line, lock: NamedLock, request: LockRequest): Promise<FileHandle | undefined> {
  let dispose = (): void => undefined;
  const coming = new Promise<FileHandle | undefined>((take, reject) => {
    const turn = { take };
    line.push(turn);
    dispose = onAbort(request.signal, () => {
      if (!line.includes(turn)) return;
      line.splice(line.indexOf(turn), 1);
      reject(interrupted(lock.name));
    });
  });
  return reporting(coming, lock, request, reportAgainMs).finally(() => dispose());
}

/** Returns a function that removes the signal's listener. */
function onAbort(signal: AbortSignal | undefined, work: () => void): () => void {
  if (signal?.aborted === true) work();
  signal?.addEventListener("abort", work, { once: true });
  return () => signal?.removeEventListener("abort", work);
}

async function passOn(lock: NamedLock, held: FileHandle): Promise<void> {
  const next = nextOf(lock.file);
  if (next === undefined) await remove(lock, held);
  else next.take(held);
}

function nextOf(file: string): Turn | undefined {
  const next = lines.get(file)?.shift();
  if (next === undefined) lines.delete(file);
  return next;
}

async function lockFile(lock: NamedLock, request: LockRequest): Promise<FileHandle> {
  for (;;) {
    if (request.signal?.aborted === true) throw interrupted(lock.name);
    const handle = await openLock(lock);
    try {
      if (!(await locks(handle, ["--nonblock"], undefined))) await waitFor(handle, lock, request);
      if (await isStill(lock.file, handle)) return handle;
    } catch (error) {
      await handle.close();
      throw error;
    }
    await handle.close();
  }
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

/** Short, because a waiting flock continues after this process is killed. */
const attemptSeconds = 5;

async function waitFor(handle: FileHandle, lock: NamedLock, request: LockRequest): Promise<void> {
  const wait = async () => {
    while (!(await locks(handle, ["--timeout", String(attemptSeconds)], request.signal)))
      if (request.signal?.aborted === true) throw interrupted(lock.name);
  };
  await reporting(wait(), lock, request, 0);
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

const reportAgainMs = 30_000;

/** Reports the holder during the wait. */
async function reporting<T>(wait: Promise<T>, lock: NamedLock, request: LockRequest, firstMs: number): Promise<T> {
  const end = new AbortController();
  const report = async () => {
    await lock.clock.sleep(firstMs, end.signal);
    for (;;) {
      const text = await obstacle(lock, end.signal);
      if (end.signal.aborted) return;
      request.progress?.(text);
      await lock.clock.sleep(reportAgainMs, end.signal);
    }
  };
  const reports = report().catch(() => undefined);
  try {
    return await wait;
  } finally {
    end.abort();
    await reports;
  }
}

const namingMs = 100;
const namingAttempts = 10;

/** A new holder may not have written its name yet. */
async function obstacle({ file, name, clock }: NamedLock, signal: AbortSignal): Promise<string> {
  for (let attempt = 0; attempt < namingAttempts; attempt += 1) {
    const holder = await holderIn(file);
    if (holder !== undefined) {
      const place = holder.host === hostname() ? "" : ` on ${holder.host}`;
      return `waits for ${holder.who} (process ${holder.pid}${place}), which holds the lock for ${name}`;
    }
    await clock.sleep(namingMs, signal);
  }
  return `waits for another program, which holds the lock for ${name}`;
}

interface Holder {
  readonly who: string;
  readonly pid: number;
  readonly host: string;
  readonly process: string;
}

async function writeHolder(handle: FileHandle, name: string, { urn = "" }: LockRequest): Promise<void> {
  const who = urn === "" ? "another program" : urn;
  const text = JSON.stringify({ name, who, pid: process.pid, host: hostname(), process: thisProcess() });
  await handle.truncate(0);
  await handle.write(`${text}\n`, 0);
}

/** Undefined if the name isn't written yet, or only in part. */
async function holderIn(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await fs.readFile(file, "utf8")) as Holder;
  } catch {
    return undefined;
  }
}

/** Names contain any characters and have any length. */
function fileNameOf(name: string): string {
  return createHash("sha256").update(name).digest("hex").slice(0, 32);
}

function interrupted(name: string): KvmError {
  return new KvmError("interrupted", `the wait for ${name} was interrupted`);
}
