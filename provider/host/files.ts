import { createHash } from "node:crypto";
import fs, { type FileHandle } from "node:fs/promises";
import path from "node:path";
import { explained, isAbsence, realPlaces, unlessAbsent } from "./file-errors";
import { isPassing, openDirectory, passingName, pinned, removeDirectory, sweep } from "./leftovers";
import type { Run } from "./run";

export interface FileStat {
  readonly bytes: number;
  readonly isFile: boolean;
  readonly modifiedMs: number;
}

/**
 * Files of the host. Every failure is a KvmError with the path and a remedy. Other users may be able to write to the
 * same directory: links that they create there are not followed.
 */
export interface Files {
  readTextIfPresent(file: string): Promise<string | undefined>;
  /**
   * The content from the byte `offset` on; empty if the file is shorter or does not exist. @param length default:
   * everything
   */
  readFrom(file: string, offset: number, length?: number): Promise<Buffer>;
  /** The MD5 sums of the first bytes of a file, in hex: one for each length, from the shortest to the longest. */
  md5OfStarts(file: string, lengths: readonly number[]): Promise<readonly string[]>;
  /**
   * Writes a file completely or not at all: under a temporary name next to it, then renamed. @param mode default 0o600
   */
  write(file: string, content: string | Uint8Array, mode?: number): Promise<void>;
  /** Writes into an existing file from the byte `offset` on; a gap after its end is filled with zeros. */
  writeAt(file: string, offset: number, content: Uint8Array): Promise<void>;
  stat(file: string): Promise<FileStat | undefined>;
  /** Whether the last part of the path is a symbolic link. */
  isLink(file: string): Promise<boolean>;
  /**
   * Identifies this very file or directory, and no later one at the same path: its inode and its time of birth.
   * Undefined for a device, and for a path that does not exist.
   */
  fingerprint(file: string): Promise<string | undefined>;
  /** The names in a directory, without temporary files. */
  list(directory: string): Promise<readonly string[]>;
  /** Creates the directory and its missing parents. @param mode of the created directories, default 0o755 */
  createDirectory(directory: string, mode?: number): Promise<void>;
  /** Shares the blocks if the file system can, else copies. @param mode default 0o600 */
  copy(from: string, to: string, mode?: number): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Removes a file; succeeds if it does not exist. */
  remove(file: string): Promise<void>;
  /** Removes an empty directory; leaves one that isn't empty or can't be removed. */
  removeEmptyDirectory(directory: string): Promise<void>;
  /** SHA-256 of a file's content, in hex. @param onProgress gets the part that is done, 0 to 1 */
  sha256(file: string, onProgress?: (share: number) => void): Promise<string>;
  /** Free bytes for files below the directory. */
  freeSpace(directory: string): Promise<number>;
  /**
   * Calls `use` with a directory that only this user can read, and removes it afterwards. libvirt may not be able to
   * read it.
   */
  withTemporaryDirectory<T>(use: (directory: string) => Promise<T>): Promise<T>;
  /**
   * The same, on the file system of `file`: a file in it can be renamed to `file`. Its path is valid for this process
   * and the programs that it starts.
   */
  withDirectoryNextTo<T>(file: string, use: (directory: string) => Promise<T>): Promise<T>;
  /** Removes temporary files of killed processes from a directory. A write to the directory does so, too. */
  sweep(directory: string): Promise<void>;
}

/** @param temporary the parent of temporary directories: a file system in memory, because they contain secrets */
export function localFiles(temporary: string, run: Run): Files {
  return {
    readTextIfPresent: (file) => explained(file, "read", () => unlessAbsent(fs.readFile(file, "utf8"))),
    readFrom: (file, offset, length = Infinity) => explained(file, "read", () => readFrom(file, offset, length)),
    md5OfStarts,
    write: (file, content, mode = 0o600) => explained(file, "write", () => writeAtomically(file, content, mode)),
    writeAt: (file, offset, content) => explained(file, "write", () => writeAt(file, offset, content)),
    stat: (file) => explained(file, "read", () => statOf(file)),
    isLink: (file) =>
      explained(file, "read", async () => (await unlessAbsent(fs.lstat(file)))?.isSymbolicLink() === true),
    fingerprint: (file) => explained(file, "read", () => fingerprintOf(file)),
    list: (directory) => explained(directory, "read", () => list(directory)),
    createDirectory: (directory, mode = 0o755) => explained(directory, "make", () => createDirectory(directory, mode)),
    copy: (from, to, mode = 0o600) => explained(to, "write", () => copyFile(from, to, mode, run)),
    rename: (from, to) => explained(to, "write", () => fs.rename(from, to)),
    remove: (file) => explained(file, "remove", () => fs.rm(file, { force: true })),
    removeEmptyDirectory,
    sha256: (file, onProgress) => explained(file, "read", () => sha256(file, onProgress)),
    freeSpace: (directory) => explained(directory, "read", () => freeSpace(directory)),
    withTemporaryDirectory: async (use) => {
      await explained(temporary, "make", () => createDirectory(temporary, 0o700));
      // Nobody else can change the content of such a directory.
      return withDirectoryIn(temporary, (_inside, place) => use(place));
    },
    withDirectoryNextTo: (file, use) => withDirectoryIn(path.dirname(file), use),
    sweep,
  };
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

async function list(directory: string): Promise<readonly string[]> {
  const names = (await unlessAbsent(fs.readdir(directory))) ?? [];
  return names.filter((name) => !isPassing(name));
}

/** Other processes may remove an empty directory at any moment: a write then fails, and is repeated once. */
async function createDirectory(directory: string, mode: number): Promise<void> {
  const made = await mkdir(directory);
  const handle = made === undefined ? undefined : await unlessAbsent(openDirectory(directory));
  // mkdir's own mode is restricted by the umask.
  if (handle !== undefined) await changeMode(handle, mode);
}

const mostAttempts = 100;

/** Node's mkdir checks an existing directory, and fails if the directory is removed at the same time. */
async function mkdir(directory: string): Promise<string | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await fs.mkdir(directory, { recursive: true });
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
 * Copies with cp, which lets the kernel copy and takes half of Node's time. The target is created again: some file
 * systems delay a write to a truncated file until the disk has it, and a write to a link would go elsewhere. For a
 * moment the copy has the mode of the original.
 */
async function copyFile(from: string, to: string, mode: number, run: Run): Promise<void> {
  const args = ["--reflink=auto", "--remove-destination", "--no-target-directory", "--", from, to];
  await run("cp", args, { timeoutMs: copyTimeoutMs });
  await changeMode(await fs.open(to, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW), mode);
}

/** A path below `inside` stays there, even if another user replaces the directory. */
async function withDirectoryIn<T>(parent: string, use: (inside: string, place: string) => Promise<T>): Promise<T> {
  await sweep(parent);
  const place = path.join(parent, passingName());
  const directory = await explained(parent, "write", async () => {
    await fs.mkdir(place, { mode: 0o700 });
    return openDirectory(place);
  });
  const inside = pinned(directory);
  realPlaces.set(inside, place);
  try {
    return await use(inside, place);
  } finally {
    realPlaces.delete(inside);
    await removeDirectory(place, directory).catch(() => undefined);
  }
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
 * The same in a shell, for a program that creates a file and records it in one step: `fingerprint FILE` prints the
 * inode and the time of birth, in seconds with a fraction.
 */
export const fingerprintScript = `TZ=UTC0 stat -L -c 'file %i %W %w'`;

/** The output of `fingerprint`, in the form of \`Files.fingerprint\`. */
export function parseFingerprint(text: string): string {
  const [, inode, seconds, fraction = "0"] = /^file (\d+) (\d+) (?:\S+ \S+\.(\d{9}) \S+|-)$/.exec(text.trim()) ?? [];
  if (inode === undefined || seconds === undefined) return text.trim();
  return `file ${inode} ${BigInt(seconds) * 1_000_000_000n + BigInt(fraction)}`;
}

/** Any reason to keep the directory (its content, a mount, a missing permission) is no failure. */
async function removeEmptyDirectory(directory: string): Promise<void> {
  await fs.rmdir(directory).catch(() => undefined);
}

const pieceBytes = 2 ** 20;

/**
 * One buffer for all reads: with one buffer each, the process would grow by tens of megabytes until they are collected.
 */
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

async function md5OfStarts(file: string, lengths: readonly number[]): Promise<readonly string[]> {
  const hash = createHash("md5");
  const sums: string[] = [];
  let position = 0;
  for await (const piece of pieces(file)) {
    const start = position;
    for (const end of lengths.slice(sums.length).filter((length) => length <= start + piece.length)) {
      hash.update(piece.subarray(position - start, end - start));
      position = end;
      sums.push(hash.copy().digest("hex"));
    }
    hash.update(piece.subarray(position - start));
    position = start + piece.length;
    if (sums.length === lengths.length) break;
  }
  return sums;
}

async function freeSpace(directory: string): Promise<number> {
  const { bavail, bsize } = await fs.statfs(directory);
  return bavail * bsize;
}
