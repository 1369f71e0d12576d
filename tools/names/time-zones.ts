import { readdir, readlink } from "node:fs/promises";
import path from "node:path";

/** What lies beside the zones: other forms of all of them, tables, and names that are none. */
const others = /^(posix|right)\/|^(localtime|posixrules|Factory|leapseconds)$|\.[a-z]/;

/** @param old where the distribution keeps the names by which zones were known before, each a link to its present one */
export async function timeZonesOf(present: string, old: string) {
  const timeZones = await namesIn(present);
  const links = await Promise.all(
    (await namesIn(old)).map(async (name) => {
      const target = path.posix.join(path.posix.dirname(name), await readlink(path.join(old, name)));
      return [name, target] as const;
    }),
  );
  return { timeZones, oldTimeZones: new Map(links) };
}

async function namesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .filter((name) => !others.test(name))
    .sort();
}
