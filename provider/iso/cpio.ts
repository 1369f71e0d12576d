import { gzipSync } from "node:zlib";
import type { AddedFile } from "../install/family";
import { KvmError } from "../values/errors";

const regularFile = 0o100000;
const folder = 0o040000;

/** These are symbolic links in some installers' initrds: an entry of that name would put an empty folder in their place. */
const perhapsLinks: ReadonlySet<string> = new Set(["bin", "sbin", "lib", "lib32", "lib64"]);

/**
 * A compressed "newc" archive that lays files over the root of an initrd. The same files give the same bytes, in
 * whatever order they come. Folders are entered before their files, but for those below /lib and its like, which have
 * to be in the initrd already.
 */
export function renderInitrd(files: readonly AddedFile[]): Uint8Array {
  return gzipSync(renderCpio(files), { level: 9 });
}

export function renderCpio(files: readonly AddedFile[]): Buffer {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  sorted.forEach(({ path }) => refuseOddPath(path));
  const folders = [...new Set(sorted.flatMap((file) => foldersOf(file.path)))];
  const entries = [
    ...folders.map((path) => ({ path, mode: folder | 0o755, content: Buffer.alloc(0) })),
    ...sorted.map(({ path, mode, content }) => ({ path, mode: regularFile | mode, content: Buffer.from(content) })),
    { path: "TRAILER!!!", mode: 0, content: Buffer.alloc(0) },
  ];
  return Buffer.concat(entries.map((entry, index) => renderEntry(entry, index + 1)));
}

interface Entry {
  readonly path: string;
  readonly mode: number;
  readonly content: Buffer;
}

/** Header, name and content, each filled up to four bytes; owner root, times 0. */
function renderEntry({ path, mode, content }: Entry, inode: number): Buffer {
  const name = Buffer.from(`${path}\0`);
  const links = 1;
  const fields = [inode, mode, 0, 0, links, 0, content.length, 0, 0, 0, 0, name.length, 0];
  const header = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, "0")).join("")}`);
  return Buffer.concat([filled(Buffer.concat([header, name])), filled(content)]);
}

function filled(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}

/** `a/b/c` lies in `a` and `a/b`; none for what has to be there already. */
function foldersOf(path: string): string[] {
  const names = path.split("/").slice(0, -1);
  if (perhapsLinks.has(names[0] ?? "")) return [];
  return names.map((_name, index) => names.slice(0, index + 1).join("/"));
}

function refuseOddPath(path: string): void {
  const names = path.split("/");
  if (!path.includes("\0") && names.every((name) => name !== "" && name !== "." && name !== "..")) return;
  throw new KvmError("invalid-input", `"${path}" can't be put into an initrd`, {
    remedy: "Give a path without a leading slash, such as usr/lib/file",
  });
}
