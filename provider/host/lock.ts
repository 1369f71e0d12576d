import { createHash } from "node:crypto";
import { hostname } from "node:os";
import path from "node:path";
import { KvmError } from "../values/errors";
import type { Clock } from "./clock";

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
export function fileLock(directory: string, lockFiles: LockFiles, clock: Clock): Lock {
  return async (name, work, request = {}) => {
    const lock = { directory, file: path.join(directory, fileNameOf(name)), name, lockFiles, clock };
    const held = await obtain(lock, request);
    try {
      await held.write(await holderText(name, lockFiles, request));
      return await work();
    } finally {
      await passOn(lock, held);
    }
  };
}

/** A file that is locked for this process. The kernel releases it when the process ends in any way. */
export interface HeldFile {
  /** Replaces the file's content: the text for programs that wait. */
  write(text: string): Promise<void>;
  /** Removes the file, and then its directory if that is empty. */
  release(): Promise<void>;
}

/** Files by which programs exclude one another. */
export interface LockFiles {
  /** Identifies the process that holds them, for programs on the host. */
  holder(): Promise<string>;
  /** Locks the current file of that name; undefined if another process holds it at the end of the wait. */
  take(place: LockPlace, waits: boolean, signal: AbortSignal | undefined): Promise<HeldFile | undefined>;
  /** The text in the file; undefined if it does not exist. */
  read(file: string): Promise<string | undefined>;
  /** Calls of this process that wait for a lock which this process holds or waits for. */
  readonly lines: Map<string, Turn[]>;
}

export interface LockPlace {
  readonly directory: string;
  readonly file: string;
}

interface NamedLock extends LockPlace {
  readonly name: string;
  readonly lockFiles: LockFiles;
  readonly clock: Clock;
}

export interface Turn {
  /** @param held undefined if the previous call has stopped waiting */
  take(held: HeldFile | undefined): void;
}

/**
 * Within a process calls get the lock in the order of their requests, without another flock: a hundred volumes of a
 * pool are one lock.
 */
async function obtain(lock: NamedLock, request: LockRequest): Promise<HeldFile> {
  const line = lock.lockFiles.lines.get(lock.file);
  if (line === undefined) lock.lockFiles.lines.set(lock.file, []);
  const handed = line === undefined ? undefined : await turnIn(line, lock, request);
  if (handed !== undefined) return handed;
  try {
    return await lockFile(lock, request);
  } catch (error) {
    nextOf(lock)?.take(undefined);
    throw error;
  }
}

async function turnIn(line: Turn[], lock: NamedLock, request: LockRequest): Promise<HeldFile | undefined> {
  let dispose = (): void => undefined;
  const coming = new Promise<HeldFile | undefined>((take, reject) => {
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
export function onAbort(signal: AbortSignal | undefined, work: () => void): () => void {
  if (signal?.aborted === true) work();
  signal?.addEventListener("abort", work, { once: true });
  return () => signal?.removeEventListener("abort", work);
}

async function passOn(lock: NamedLock, held: HeldFile): Promise<void> {
  const next = nextOf(lock);
  if (next === undefined) await held.release();
  else next.take(held);
}

function nextOf({ file, lockFiles: { lines } }: NamedLock): Turn | undefined {
  const next = lines.get(file)?.shift();
  if (next === undefined) lines.delete(file);
  return next;
}

async function lockFile(lock: NamedLock, request: LockRequest): Promise<HeldFile> {
  if (request.signal?.aborted === true) throw interrupted(lock.name);
  const held = await lock.lockFiles.take(lock, false, request.signal);
  return held ?? reporting(waitFor(lock, request), lock, request, 0);
}

async function waitFor(lock: NamedLock, { signal }: LockRequest): Promise<HeldFile> {
  for (;;) {
    if (signal?.aborted === true) throw interrupted(lock.name);
    const held = await lock.lockFiles.take(lock, true, signal);
    if (held !== undefined) return held;
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
async function obstacle({ file, name, lockFiles, clock }: NamedLock, signal: AbortSignal): Promise<string> {
  for (let attempt = 0; attempt < namingAttempts; attempt += 1) {
    const holder = parseHolder(await lockFiles.read(file).catch(() => undefined));
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

async function holderText(name: string, lockFiles: LockFiles, { urn = "" }: LockRequest): Promise<string> {
  const who = urn === "" ? "another program" : urn;
  const holder = { name, who, pid: process.pid, host: hostname(), process: await lockFiles.holder() };
  return `${JSON.stringify(holder)}\n`;
}

/** Undefined if the name isn't written yet, or only in part. */
export function parseHolder(text: string | undefined): Holder | undefined {
  try {
    return JSON.parse(text ?? "") as Holder;
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
