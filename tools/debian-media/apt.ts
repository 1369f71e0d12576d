/** apt with a state of its own: this machine's packages, lists and sources stay as they are. */
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { archiveName, parseStanzas, type Stanza } from "./deb822";
import { sha256OfFile } from "./files";
import { SUITE } from "./recipe";
import { run } from "./run";

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
const HELPER = "/usr/lib/apt/apt-helper";

export interface Apt {
  /** The Debian mirror that this machine uses, with a "/" at its end. */
  readonly mirror: string;
  /** Its signed Release file. */
  readonly release: string;
  get(...args: string[]): Promise<string>;
  /** The entries of these packages. */
  show(names: readonly string[]): Promise<Stanza[]>;
  /** Downloads these packages, without what they depend on; the paths of their files in the order of the names. */
  download(...names: string[]): Promise<string[]>;
  /** Downloads these packages and what they depend on; the names of all of them. */
  resolve(names: readonly string[]): Promise<string[]>;
  /** The file of a package that was downloaded. */
  archive(entry: Stanza): string;
  /** Downloads a file of the mirror, unless it is there with that checksum. */
  fetch(path: string, target: string, checksum?: string): Promise<void>;
}

type Call = (program: string, ...args: string[]) => Promise<string>;

export async function openApt(folder: string): Promise<Apt> {
  const archives = join(folder, "archives");
  const settings = join(folder, "apt.conf");
  for (const name of ["lists/partial", "archives/partial"]) await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, "status"), "");
  await writeFile(settings, configuration(folder));
  const call: Call = async (program, ...args) =>
    (await run(program, ["-c", settings, ...args], { cwd: archives })).toString();
  const mirror = await findMirror(folder, call);
  return { mirror, release: await readRelease(call), ...verbs(call, mirror, archives) };
}

function verbs(call: Call, mirror: string, archives: string): Omit<Apt, "mirror" | "release"> {
  const get: Apt["get"] = (...args) => call("apt-get", "-qq", ...args);
  const show: Apt["show"] = async (names) =>
    parseStanzas(await call("apt-cache", "show", "--no-all-versions", ...names));
  const archive: Apt["archive"] = (entry) => join(archives, archiveName(entry));
  const download: Apt["download"] = async (...names) => {
    await get("download", ...names);
    return (await Promise.all(names.map((name) => show([name])))).map(([entry]) => archive(entry ?? {}));
  };
  const resolve: Apt["resolve"] = async (names) => {
    const plan = await get("install", "--simulate", ...names);
    await get("install", "--yes", "--download-only", ...names);
    return [...plan.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] ?? "");
  };
  const fetch: Apt["fetch"] = async (path, target, checksum) => {
    if (checksum !== undefined && existsSync(target) && (await sha256OfFile(target)) === checksum) return;
    const expected = checksum === undefined ? [] : [`SHA256:${checksum}`];
    await call(HELPER, "-qq", "download-file", `${mirror}${path}`, target, ...expected);
  };
  return { get, show, archive, download, resolve, fetch };
}

/** Read after the machine's own configuration, whose proxies stay; hooks of other programs don't run for our state. */
function configuration(folder: string): string {
  return `#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
Dir::State "${folder}";
Dir::State::lists "${folder}/lists";
Dir::State::status "${folder}/status";
Dir::Cache "${folder}";
Dir::Cache::archives "${folder}/archives";
Dir::Cache::pkgcache "pkgcache.bin";
Dir::Cache::srcpkgcache "srcpkgcache.bin";
Dir::Etc::sourcelist "${folder}/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
APT::Architecture "amd64";
APT::Architectures "amd64";
APT::Default-Release "";
APT::Sandbox::User "root";
APT::Install-Recommends "false";
APT::Keep-Downloaded-Packages "true";
Acquire::Languages "none";
Acquire::Retries "3";
`;
}

/** The first of the machine's sources that carries the suite, signed by Debian: asked for, not guessed from its name. */
async function findMirror(folder: string, call: Call): Promise<string> {
  const failures: string[] = [];
  for (const uri of await configuredSources()) {
    const source = `deb [signed-by=${KEYRING} target=Packages] ${uri} ${SUITE} main\n`;
    await writeFile(join(folder, "sources.list"), source);
    try {
      await call("apt-get", "-qq", "--error-on=any", "update");
      return uri.endsWith("/") ? uri : `${uri}/`;
    } catch (error) {
      failures.push(`${uri}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const tried = failures.length === 0 ? "it has none" : `tried:\n${failures.join("\n")}`;
  throw new Error(
    `none of this machine's apt sources carries Debian ${SUITE}; ${tried}\nAdd a Debian mirror to apt's sources.`,
  );
}

/** The addresses of the repositories in apt's sources of either format; needs no package lists. */
async function configuredSources(): Promise<string[]> {
  const filters = ["Created-By: Packages", "Component: main"];
  const uris = (await run("apt-get", ["--no-release-info", "indextargets", "--format", "$(REPO_URI)", ...filters]))
    .toString()
    .split("\n")
    .filter(Boolean);
  return [...new Set(await Promise.all(uris.map(ofMirrorList)))];
}

/** Cloud images name a file with a list of mirrors, which apt-helper can't use: its first entry. */
async function ofMirrorList(uri: string): Promise<string> {
  const path = /^mirror\+file:(\/.*?)\/?$/.exec(uri)?.[1];
  return (path && mirrorListEntry(await readFile(path, "utf8"))) ?? uri;
}

export function mirrorListEntry(text: string): string | undefined {
  return /^\s*(\w+:\S+)/m.exec(text)?.[1];
}

async function readRelease(call: Call): Promise<string> {
  const lists = await call("apt-get", "indextargets", "--format", "$(FILENAME)", "Created-By: Packages");
  const [name = ""] = lists.split("\n");
  return readFile(name.replace(/_main_binary-amd64_Packages.*$/, "_InRelease"), "utf8");
}
