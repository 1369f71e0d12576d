import { link, mkdir, readdir, symlink, utimes, writeFile, lutimes, chmod } from "node:fs/promises";
import { dirname, join } from "node:path";
import { copy } from "../debian-media/files";

/** A file by its content; one that is on this machine already; a second name for one of the tree; a symbolic link. */
export type Content =
  string | Buffer | { readonly file: string } | { readonly same: string } | { readonly link: string };

/** What an ISO or an EFI image holds: path without a leading slash -> content. */
export type Tree = Readonly<Record<string, Content>>;

/** The time that everything bears. */
export const EPOCH = 1_763_197_440;

export async function writeTree(folder: string, tree: Tree): Promise<void> {
  for (const [path, content] of Object.entries(tree)) await writeEntry(folder, join(folder, path), content);
  await setTimes(folder);
}

async function writeEntry(folder: string, path: string, content: Content): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  if (typeof content === "string" || Buffer.isBuffer(content)) await writeFile(path, content);
  else if ("file" in content) await copy(content.file, path).then(() => chmod(path, 0o644));
  else if ("same" in content) await link(join(folder, content.same), path);
  else await symlink(content.link, path);
}

async function setTimes(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    await lutimes(join(entry.parentPath, entry.name), EPOCH, EPOCH);
  }
  await utimes(folder, EPOCH, EPOCH);
}

/** Files whose content means nothing to a boot, told apart by their names. */
export function placeholders(...paths: readonly string[]): Tree {
  return Object.fromEntries(paths.map((path) => [path, `placeholder ${path}\n`.padEnd(2048)]));
}
