import { createHash } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { copyFile, link, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { gzip } from "node:zlib";
import { promisify } from "node:util";
import { run } from "./run";

export function sha256(data: Buffer | string): string {
  return createHash("sha256").update(data).digest("hex");
}

export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/** Writes a file and the folders above it. */
export async function write(path: string, data: Buffer | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, data);
}

export async function copy(source: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  await copyFile(source, target, constants.COPYFILE_FICLONE);
}

/** A second name for a file that nobody changes; a copy where the file system is another one. */
export async function share(source: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  await link(source, target).catch(() => copy(source, target));
}

export async function linkTo(destination: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await symlink(destination, path);
}

export async function freshFolder(path: string): Promise<string> {
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { recursive: true });
  return path;
}

/** The same bytes for the same input: no name and time in the header. */
export const compress: (data: Buffer | string) => Promise<Buffer> = promisify(gzip);

/** The files of a folder as a compressed archive for the kernel; no folders, as it would replace links by them. */
export async function initramfs(folder: string, files: readonly string[]): Promise<Buffer> {
  const names = `${files.join("\n")}\n`;
  return compress(await run("cpio", ["-o", "-H", "newc", "--quiet", "-R", "0:0"], { cwd: folder, input: names }));
}
