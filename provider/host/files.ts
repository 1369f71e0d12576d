import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import fs, { type FileHandle } from "node:fs/promises";
import path from "node:path";
import { CommandFailed, KvmError, NotFound } from "../values/errors";
import { isPassing, openFolder, passingName, pinned, removeFolder, sweep } from "./leftovers";
import type { Run } from "./run";

export interface FileStat {
  readonly bytes: number;
  readonly isFile: boolean;
  readonly modifiedMs: number;
}

/**
 * Files of the host. Every failure is a KvmError that names the path and says what to do. What is written may lie in a
 * folder that others write to, too: no link that they put there is followed.
 */
export interface Files {
  readTextIfPresent(file: string): Promise<string | undefined>;
  /** What lies behind the byte `offset`; empty when the file is absent or no longer. @param length default: all of it */
  readFrom(file: string, offset: number, length?: number): Promise<Buffer>;
  /** A file from its begin, in pieces of a mebibyte. A piece may be changed, and lasts until the next one is asked for. */
  pieces(file: string): AsyncIterable<Buffer>;
  /** Complete or not at all: written beside it under a passing name, then renamed. @param mode default 0o600 */
  write(file: string, content: string | Uint8Array, mode?: number): Promise<void>;
  /** Writes into a file that is there, from the byte `offset` on; what lies behind its end until there is zero. */
  writeAt(file: string, offset: number, content: Uint8Array): Promise<void>;
  stat(file: string): Promise<FileStat | undefined>;
  /** Whether the last part of the path is a symbolic link. */
  isLink(file: string): Promise<boolean>;
  /**
   * What no other file or folder has, nor one that takes its place later: its inode and the moment of its birth. Undefined
   * when there is none, or a device.
   */
  fingerprint(file: string): Promise<string | undefined>;
  /** Without what is being written there. */
  list(folder: string): Promise<readonly string[]>;
  /** Makes the folder and its parents where they are missing. @param mode of the folders made, default 0o755 */
  makeFolder(folder: string, mode?: number): Promise<void>;
  /** Shares the blocks where the file system can, else copies. @param mode default 0o600 */
  copy(from: string, to: string, mode?: number): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Removes a file; succeeds when it is gone already. */
  remove(file: string): Promise<void>;
  /** Removes an empty folder; leaves what isn't empty or can't be removed: it holds nothing that is ours. */
  removeEmptyFolder(folder: string): Promise<void>;
  /** SHA-256 of a file's content, in hex. @param onProgress gets the share done, 0 to 1 */
  sha256(file: string, onProgress?: (share: number) => void): Promise<string>;
  /** Bytes that may still be written below the folder. */
  freeSpace(folder: string): Promise<number>;
  /** Calls `use` with a folder that only we can read, and removes it afterwards. libvirt may not see it. */
  withTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T>;
  /**
   * The same, on the file system of `file`: what is made in it can be renamed to `file`. Its path is of use to this process
   * and the programs that it starts.
   */
  withFolderBeside<T>(file: string, use: (folder: string) => Promise<T>): Promise<T>;
  /** Removes what processes that were killed have left half-written in a folder. Writing to it does so, too. */
  sweep(folder: string): Promise<void>;
}

/** @param temporary the folder below which temporary folders are made: where secrets vanish with the power */
export function localFiles(temporary: string, run: Run): Files {
  return {
    readTextIfPresent: (file) => explained(file, "read", () => unlessAbsent(fs.readFile(file, "utf8"))),
    readFrom: (file, offset, length = Infinity) => explained(file, "read", () => readFrom(file, offset, length)),
    pieces,
    write: (file, content, mode = 0o600) => explained(file, "write", () => writeAtomically(file, content, mode)),
    writeAt: (file, offset, content) => explained(file, "write", () => writeAt(file, offset, content)),
    stat: (file) => explained(file, "read", () => statOf(file)),
    isLink: (file) =>
      explained(file, "read", async () => (await unlessAbsent(fs.lstat(file)))?.isSymbolicLink() === true),
    fingerprint: (file) => explained(file, "read", () => fingerprintOf(file)),
    list: (folder) => explained(folder, "read", () => list(folder)),
    makeFolder: (folder, mode = 0o755) => explained(folder, "make", () => makeFolder(folder, mode)),
    copy: (from, to, mode = 0o600) => explained(to, "write", () => copyFile(from, to, mode, run)),
    rename: (from, to) => explained(to, "write", () => fs.rename(from, to)),
    remove: (file) => explained(file, "remove", () => fs.rm(file, { force: true })),
    removeEmptyFolder,
    sha256: (file, onProgress) => explained(file, "read", () => sha256(file, onProgress)),
    freeSpace: (folder) => explained(folder, "read", () => freeSpace(folder)),
    withTemporaryFolder: async (use) => {
      await explained(temporary, "make", () => makeFolder(temporary, 0o700));
      // Nobody else can change what lies there.
      return withFolderIn(temporary, (_inside, place) => use(place));
    },
    withFolderBeside: (file, use) => withFolderIn(path.dirname(file), use),
    sweep,
  };
}

/** For programs that load their configuration: undefined when the file is absent. */
export function readTextSync(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (isAbsence(error) || codeOf(error) === "EISDIR") return undefined;
    throw explain(file, "read", error);
  }
}

/** A file that the program names. @param property that names it */
export function programFileSync(file: string, property: string): string {
  const text = readTextSync(file);
  if (text !== undefined) return text;
  throw new NotFound(`the file ${file} does not exist`, {
    property,
    remedy: "Give its path from the folder of the Pulumi program",
  });
}

async function writeAtomically(file: string, content: string | Uint8Array, mode: number): Promise<void> {
  const passing = path.join(path.dirname(file), passingName());
  try {
    await fs.writeFile(passing, content, { mode, flag: "wx", flush: true });
    await fs.rename(passing, file);
  } catch (error) {
    await fs.rm(passing, { force: true });
    throw error;
  }
}

async function writeAt(file: string, offset: number, content: Uint8Array): Promise<void> {
  const handle = await fs.open(file, fs.constants.O_RDWR | fs.constants.O_NOFOLLOW);
  try {
    await handle.write(content, 0, content.length, offset);
  } finally {
    await handle.close();
  }
}

async function list(folder: string): Promise<readonly string[]> {
  const names = (await unlessAbsent(fs.readdir(folder))) ?? [];
  return names.filter((name) => !isPassing(name));
}

/** Whoever finds it empty may remove it at any moment: what is then written there fails, and is written once more. */
async function makeFolder(folder: string, mode: number): Promise<void> {
  const made = await mkdir(folder);
  const handle = made === undefined ? undefined : await unlessAbsent(openFolder(folder));
  // mkdir's own mode is cut by the umask.
  if (handle !== undefined) await changeMode(handle, mode);
}

const mostAttempts = 100;

/** Node looks at what is there already, and fails when it has gone meanwhile. */
async function mkdir(folder: string): Promise<string | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await fs.mkdir(folder, { recursive: true });
    } catch (error) {
      if (!isAbsence(error) || attempt === mostAttempts) throw error;
    }
  }
}

async function changeMode(handle: FileHandle, mode: number): Promise<void> {
  try {
    await handle.chmod(mode);
  } finally {
    await handle.close();
  }
}

const copyTimeoutMs = 30 * 60_000;

/**
 * By cp, which has the kernel copy: that takes half the time of Node's own. The target is made anew: writing to a file
 * that was emptied, some file systems would wait for the disk, and to a link, it would go elsewhere. For a moment the copy
 * is as readable as the original.
 */
async function copyFile(from: string, to: string, mode: number, run: Run): Promise<void> {
  const args = ["--reflink=auto", "--remove-destination", "--no-target-directory", "--", from, to];
  await run("cp", args, { timeoutMs: copyTimeoutMs });
  await changeMode(await fs.open(to, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW), mode);
}

/** What is below the path `inside` stays there, also when others put something in the folder's place. */
async function withFolderIn<T>(parent: string, use: (inside: string, place: string) => Promise<T>): Promise<T> {
  await sweep(parent);
  const place = path.join(parent, passingName());
  const folder = await explained(parent, "write", async () => {
    await fs.mkdir(place, { mode: 0o700 });
    return openFolder(place);
  });
  const inside = pinned(folder);
  realPlaces.set(inside, place);
  try {
    return await use(inside, place);
  } finally {
    realPlaces.delete(inside);
    await removeFolder(place, folder).catch(() => undefined);
  }
}

/** What users are told in place of a pinned path. */
const realPlaces = new Map<string, string>();

function realPlaceOf(file: string): string {
  const pin = /^\/proc\/\d+\/fd\/\d+/.exec(file)?.[0] ?? "";
  return (realPlaces.get(pin) ?? pin) + file.slice(pin.length);
}

async function readFrom(file: string, offset: number, length: number): Promise<Buffer> {
  const handle = await unlessAbsent(fs.open(file, "r"));
  if (handle === undefined) return Buffer.alloc(0);
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read({
      buffer: Buffer.alloc(Math.min(length, Math.max(0, size - offset))),
      position: offset,
    });
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function statOf(file: string): Promise<FileStat | undefined> {
  const stat = await unlessAbsent(fs.stat(file));
  return stat && { bytes: stat.size, isFile: stat.isFile(), modifiedMs: stat.mtimeMs };
}

async function fingerprintOf(file: string): Promise<string | undefined> {
  const stat = await unlessAbsent(fs.stat(file, { bigint: true }));
  const kind = stat?.isFile() === true ? "file" : stat?.isDirectory() === true ? "folder" : undefined;
  return stat && kind && `${kind} ${stat.ino} ${stat.birthtimeNs}`;
}

/**
 * The same by a shell, for a program that makes a file and notes it in one: `fingerprint FILE` prints the inode and the
 * moment of birth, in seconds and with its fraction.
 */
export const fingerprintScript = `TZ=UTC0 stat -L -c 'file %i %W %w'`;

/** What that prints, in the form of \`Files.fingerprint\`. */
export function parseFingerprint(text: string): string {
  const [, inode, seconds, fraction = "0"] = /^file (\d+) (\d+) (?:\S+ \S+\.(\d{9}) \S+|-)$/.exec(text.trim()) ?? [];
  if (inode === undefined || seconds === undefined) return text.trim();
  return `file ${inode} ${BigInt(seconds) * 1_000_000_000n + BigInt(fraction)}`;
}

/** Whatever keeps it there (what lies in it, a file system on it, a right that is missing), it is no reason to fail. */
async function removeEmptyFolder(folder: string): Promise<void> {
  await fs.rmdir(folder).catch(() => undefined);
}

const pieceBytes = 2 ** 20;

/** All in one buffer: with one each, the process would grow by tens of megabytes until they are collected. */
async function* pieces(file: string): AsyncGenerator<Buffer> {
  const handle = await explained(file, "read", () => fs.open(file));
  try {
    const buffer = Buffer.allocUnsafe(pieceBytes);
    for (;;) {
      const { bytesRead } = await explained(file, "read", () => handle.read(buffer));
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

async function sha256(file: string, onProgress: (share: number) => void = () => undefined): Promise<string> {
  const { size } = await fs.stat(file);
  const hash = createHash("sha256");
  let done = 0;
  for await (const piece of pieces(file)) {
    hash.update(piece);
    done += piece.length;
    onProgress(done / size);
  }
  return hash.digest("hex");
}

async function freeSpace(folder: string): Promise<number> {
  const { bavail, bsize } = await fs.statfs(folder);
  return bavail * bsize;
}

async function unlessAbsent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

function isAbsence(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes(codeOf(error));
}

/** The code of Node's error, or of what the cp program says. */
function codeOf(error: unknown): string {
  if (error instanceof CommandFailed) return /No space left|Disk quota/.test(error.failure.stderr) ? "ENOSPC" : "";
  return (error as NodeJS.ErrnoException).code ?? "";
}

/** Failures of the file system in the user's terms. @param verb such as "write" */
export async function explained<T>(file: string, verb: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explain(file, verb, error);
  }
}

function explain(file: string, verb: string, cause: unknown): KvmError {
  const code = codeOf(cause);
  const what = `cannot ${verb} ${realPlaceOf(file)}`;
  if (code === "ENOENT") return new KvmError("not-found", `${what}: it does not exist`, { cause });
  if (code === "EACCES" || code === "EPERM") {
    return new KvmError("forbidden", `${what}: permission denied`, {
      remedy: "Run as root, or give this user access to the folder",
      cause,
    });
  }
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new KvmError("no-space", `${what}: no space left`, {
      remedy: "Free space on that file system, or choose another folder",
      cause,
    });
  }
  return new KvmError("command-failed", `${what}: ${cause instanceof Error ? cause.message : String(cause)}`, {
    cause,
  });
}
