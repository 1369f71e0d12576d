import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import fs, { type FileHandle } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { CommandFailed, KvmError } from "../values/errors";
import type { Clock } from "./clock";
import { explained, type Files } from "./files";
import { isDeadProcess, thisProcess } from "./processes";
import { missingProgram } from "./programs";

/** Who asks for a lock; a handler's context is one. */
export interface LockRequest {
  /** Whom others are told that they wait for. */
  readonly urn?: string;
  /** Is told whom it waits for. */
  readonly progress?: (text: string) => void;
  /** Ends the wait when it is aborted. */
  readonly signal?: AbortSignal;
}

/**
 * Runs `work` while no other call or program that manages this host holds the same name. It waits as long as the holder
 * lives. Who has a name and asks for it again waits for ever.
 * @throws KvmError "interrupted" when the signal is aborted before
 */
export type Lock = <T>(name: string, work: () => Promise<T>, request?: LockRequest) => Promise<T>;

/**
 * Locks by flock on files: they hold for all that see the folder, in whatever network, container or user they run, and the
 * kernel frees them when their process ends in whatever way. The one who has a lock removes its file, so that who has
 * waited looks whether what he has locked is still the file of that name.
 */
export function fileLock(folder: string, files: Files, clock: Clock): Lock {
  return async (name, work, request = {}) => {
    const lock = { folder, file: path.join(folder, fileNameOf(name)), name, files, clock };
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
export async function sweepLocks(folder: string, files: Files): Promise<void> {
  for (const name of await files.list(folder)) {
    const file = path.join(folder, name);
    const holder = await holderIn(file);
    if (holder !== undefined && !isDeadProcess(holder.process)) continue;
    const handle = await openLock({ folder, file, files });
    if (await locks(handle, ["--nonblock"], undefined)) await remove({ folder, file, files }, handle);
    else await handle.close();
  }
}

interface Place {
  readonly folder: string;
  readonly file: string;
  readonly files: Files;
}

interface NamedLock extends Place {
  readonly name: string;
  readonly clock: Clock;
}

/** Those of this process that want a lock which this process has, or waits for. */
type Line = Turn[];

interface Turn {
  /** @param held undefined when the one before has given up */
  take(held: FileHandle | undefined): void;
}

const lines = new Map<string, Line>();

/** Within a process in the order of their asking, and without locking anew: a hundred volumes of a pool are one lock. */
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
  return telling(coming, lock, request, tellAgainMs).finally(() => dispose());
}

/** Gives what takes it back. */
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

/** The last one of a folder removes it, also while it is opened here. */
async function openLock({ folder, file, files }: Place): Promise<FileHandle> {
  const { O_RDWR, O_CREAT, O_NOFOLLOW } = fs.constants;
  for (;;) {
    await files.makeFolder(folder, 0o700);
    try {
      return await explained(file, "write", () => fs.open(file, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600));
    } catch (error) {
      if (!(error instanceof KvmError) || error.code !== "not-found") throw error;
    }
  }
}

async function remove({ folder, file, files }: Place, handle: FileHandle): Promise<void> {
  try {
    if (await isStill(file, handle)) await fs.rm(file, { force: true });
  } finally {
    await handle.close();
  }
  await files.removeEmptyFolder(folder);
}

async function isStill(file: string, handle: FileHandle): Promise<boolean> {
  const [there, own] = await Promise.all([
    fs.lstat(file, { bigint: true }).catch(() => undefined),
    handle.stat({ bigint: true }),
  ]);
  return there?.ino === own.ino && there.dev === own.dev;
}

/** Short, for a flock that waits goes on when this process is killed. */
const attemptSeconds = 5;

async function waitFor(handle: FileHandle, lock: NamedLock, request: LockRequest): Promise<void> {
  const wait = async () => {
    while (!(await locks(handle, ["--timeout", String(attemptSeconds)], request.signal)))
      if (request.signal?.aborted === true) throw interrupted(lock.name);
  };
  await telling(wait(), lock, request, 0);
}

const isTaken = 75;

/**
 * Whether flock has locked what is open: not for itself, which ends, but for all that have it open, which is we alone.
 */
async function locks(handle: FileHandle, how: readonly string[], signal: AbortSignal | undefined): Promise<boolean> {
  const args = ["--exclusive", ...how, "--conflict-exit-code", String(isTaken), "0"];
  // A process group of its own: an interruption of the user's is for this process to deal with.
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

const tellAgainMs = 30_000;

/** Tells whom `wait` waits for, as long as it does. */
async function telling<T>(wait: Promise<T>, lock: NamedLock, request: LockRequest, firstMs: number): Promise<T> {
  const end = new AbortController();
  const tell = async () => {
    await lock.clock.sleep(firstMs, end.signal);
    for (;;) {
      const text = await obstacle(lock, end.signal);
      if (end.signal.aborted) return;
      request.progress?.(text);
      await lock.clock.sleep(tellAgainMs, end.signal);
    }
  };
  const told = tell().catch(() => undefined);
  try {
    return await wait;
  } finally {
    end.abort();
    await told;
  }
}

const namingMs = 100;
const namingAttempts = 10;

/** Who has just got it may not have written its name yet. */
async function obstacle({ file, name, clock }: NamedLock, signal: AbortSignal): Promise<string> {
  for (let attempt = 0; attempt < namingAttempts; attempt += 1) {
    const holder = await holderIn(file);
    if (holder !== undefined) {
      const place = holder.host === hostname() ? "" : ` on ${holder.host}`;
      return `waits for ${holder.who} (process ${holder.pid}${place}), which has ${name}`;
    }
    await clock.sleep(namingMs, signal);
  }
  return `waits for another program, which has ${name}`;
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

/** Undefined as long as it isn't written, or half. */
async function holderIn(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await fs.readFile(file, "utf8")) as Holder;
  } catch {
    return undefined;
  }
}

/** Names have any signs and lengths. */
function fileNameOf(name: string): string {
  return createHash("sha256").update(name).digest("hex").slice(0, 32);
}

function interrupted(name: string): KvmError {
  return new KvmError("interrupted", `the wait for ${name} was interrupted`);
}
