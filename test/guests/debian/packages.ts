import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { openApt } from "../../../tools/debian-media/apt";
import { field, parseStanzas, type Stanza } from "../../../tools/debian-media/deb822";
import { downloadFolder } from "../../../tools/debian-media/downloads";
import { locked } from "../../../tools/debian-media/lock";

type Known = ReadonlyMap<string, Stanza>;

/**
 * Unpacks packages of the media's mirror into an empty directory, with what they depend on.
 * @param others packages that the mirror doesn't have, and that no machine of the tests installs
 */
export async function unpack(mirror: string, names: readonly string[], others: readonly string[], tree: string) {
  const lists = path.join(mirror, "dists/stable/main/binary-amd64/Packages");
  const known = new Map(parseStanzas(readFileSync(lists, "utf8")).map((entry) => [field(entry, "Package"), entry]));
  const kernel = [...known.keys()].find((name) => /^linux-image-\d.*-cloud-amd64$/.test(name)) ?? "";
  const outside = await fetchOthers(others, known);
  const inside = withNeeds([...names, kernel, ...outside.needs], known);
  for (const name of ["bin", "sbin", "lib", "lib64"]) {
    mkdirSync(path.join(tree, "usr", name), { recursive: true });
    execFileSync("ln", ["-s", `usr/${name}`, path.join(tree, name)]);
  }
  for (const name of ["dev", "proc", "sys"]) mkdirSync(path.join(tree, name));
  const entries = [...inside].map((name) => path.join(mirror, field(known.get(name) ?? {}, "Filename")));
  const command = 'dpkg-deb --fsys-tarfile "$1" | tar -x --keep-directory-symlink --exclude=./usr/share/[lm]* -C "$2"';
  for (const archive of [...entries, ...outside.archives]) execFileSync("sh", ["-c", command, "sh", archive, tree]);
}

async function fetchOthers(others: readonly string[], known: Known) {
  const folder = downloadFolder();
  const work = async () => {
    const apt = await openApt(folder);
    const needs = (await apt.show(others)).flatMap(needsOf);
    const missing = needs.filter((name) => !known.has(name));
    return { archives: await apt.download(...others, ...missing), needs: needs.filter((name) => known.has(name)) };
  };
  return locked(path.join(folder, "lock"), () => undefined, work);
}

/** The kernel without what would make its initial RAM disk. */
function withNeeds(names: readonly string[], known: Known): Set<string> {
  const all = new Set<string>();
  const add = (name: string): void => {
    const entry = known.get(name);
    if (entry === undefined || all.has(name)) return;
    all.add(name);
    if (!name.startsWith("linux-image-")) needsOf(entry).forEach(add);
  };
  names.forEach(add);
  return all;
}

/** The first of alternatives. */
function needsOf(entry: Stanza): string[] {
  const lists = `${entry["Depends"] ?? ""}, ${entry["Pre-Depends"] ?? ""}`;
  return lists.split(",").flatMap((one) => /^\s*([a-z0-9][a-z0-9+.-]*)/.exec(one)?.[1] ?? []);
}
