import { globSync, readFileSync } from "node:fs";
import path from "node:path";

/** A package of others that is part of ours. */
export interface Bundled {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** Its texts of licence, copyright and notices. */
  readonly texts: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string | { readonly type: string };
}

/** All packages below these directories, by name and version. @throws an error that names packages without a licence */
export function bundledIn(directories: readonly string[]): Bundled[] {
  const all = directories.map(bundledAt);
  const unlicensed = all.filter(({ license, texts }) => license === "" && texts.length === 0);
  if (unlicensed.length > 0)
    throw new Error(`these packages have no licence: ${unlicensed.map(({ name }) => name).join(", ")}`);
  const byName = new Map(all.map((each) => [`${each.name} ${each.version}`, each]));
  return [...byName].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, each]) => each);
}

/** The directories of the packages in a node_modules, those inside other packages, too. */
export function packagesIn(modules: string): string[] {
  const places = ["*", "@*/*"].flatMap((place) => [place, `**/node_modules/${place}`]);
  return globSync(
    places.map((place) => `${place}/package.json`),
    { cwd: modules },
  ).map((file) => path.join(modules, path.dirname(file)));
}

function bundledAt(directory: string): Bundled {
  const {
    name,
    version,
    license = "",
  } = JSON.parse(readFileSync(path.join(directory, "package.json"), "utf8")) as Manifest;
  const files = globSync("{LICEN[CS]E,COPYING,NOTICE,licen[cs]e,notice}{,.*,-*}", { cwd: directory }).sort();
  return {
    name,
    version,
    license: typeof license === "string" ? license : license.type,
    texts: files.map((file) => readFileSync(path.join(directory, file), "utf8").trim()),
  };
}

const rule = "=".repeat(79);

/** The file THIRD-PARTY-NOTICES. */
export function noticesOf(all: readonly Bundled[]): string {
  const heads = all.map(({ name, version, license }) => `${name} ${version}  ${license}`);
  const sections = all.map(({ name, version, license, texts }) =>
    [rule, `${name} ${version}`, `License: ${license}`, ...texts].join("\n\n"),
  );
  return [`This package contains software of others:`, heads.join("\n"), ...sections, ""].join("\n\n");
}
