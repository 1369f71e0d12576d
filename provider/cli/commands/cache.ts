import path from "node:path";
import type { Host } from "../../resource/host";
import { KvmError } from "../../values/errors";
import { formatSize } from "../../values/units";
import { exitCodes, has, helpFor, type Request, valueOf, valuesOf, type World, wrongUse } from "../command";
import { printable, styleOf } from "../rows/style";
import { tableLines } from "../rows/table";

/** A downloaded installer. */
interface Download {
  /** The file's name without its ending: the SHA-256 of its content. */
  readonly sha256: string;
  readonly title: string;
  readonly bytes: number;
  readonly downloadedMs: number;
}

export async function run(request: Request, world: World): Promise<number> {
  const host = world.host(valueOf(request, "connection") ?? world.defaultConnection());
  const downloads = await downloadsOf(host);
  const chosen = has(request, "all") ? downloads : valuesOf(request, "remove").map((item) => named(item, downloads));
  const { terminal } = world;
  if (!has(request, "all") && chosen.length === 0) {
    print(downloads, host, request, world);
    return exitCodes.fine;
  }
  if (!has(request, "yes") && !(await isConfirmed(chosen, request, world))) {
    terminal.report("Nothing is removed.");
    return exitCodes.failed;
  }
  for (const { sha256 } of chosen) await host.files.remove(fileOf(host, sha256));
  if (has(request, "json")) terminal.print(JSON.stringify({ removed: chosen.map(asData) }, null, 2));
  else terminal.print(`${chosen.length} removed, ${sizeOf(chosen)} free`);
  return exitCodes.fine;
}

async function downloadsOf(host: Host): Promise<Download[]> {
  const { files, directories } = host;
  const names = (await files.list(directories.downloads)).filter((name) => /^[0-9a-f]{64}\.iso$/.test(name));
  const found: Download[] = [];
  for (const name of names.sort()) {
    const file = path.join(directories.downloads, name);
    const stat = await files.stat(file);
    if (stat === undefined) continue;
    const { bytes, modifiedMs } = stat;
    found.push({
      sha256: name.slice(0, -".iso".length),
      title: await titleOf(file, host),
      bytes,
      downloadedMs: modifiedMs,
    });
  }
  return found;
}

/** The volume's name in the ISO's primary volume descriptor. */
async function titleOf(file: string, { files }: Host): Promise<string> {
  const [start, length] = [16 * 2048 + 40, 32];
  return printable((await files.readFrom(file, start, length)).toString("latin1")).trim();
}

function fileOf({ directories }: Host, sha256: string): string {
  return path.join(directories.downloads, `${sha256}.iso`);
}

/** By the start of its sum, or by its title if only one has it. */
function named(item: string, downloads: readonly Download[]): Download {
  const found = downloads.filter(
    ({ sha256, title }) => (item.length >= 4 && sha256.startsWith(item)) || title === item,
  );
  const [one, other] = found;
  if (one === undefined)
    throw new KvmError("not-found", `there is no download "${item}"`, {
      remedy: "Name it as `kvm-deploy cache` lists it",
    });
  if (other !== undefined)
    throw new KvmError("invalid-input", `several downloads are meant by "${item}"`, { remedy: "Give more of its sum" });
  return one;
}

async function isConfirmed(chosen: readonly Download[], { command }: Request, { terminal }: World): Promise<boolean> {
  if (!terminal.isInteractive)
    throw wrongUse("there is no terminal to ask for confirmation, so --yes is required", helpFor(command));
  return terminal.confirm(`Remove ${chosen.length === 1 ? "it" : `these ${chosen.length}`} (${sizeOf(chosen)})?`);
}

function sizeOf(downloads: readonly Download[]): string {
  return humanSize(downloads.reduce((sum, { bytes }) => sum + bytes, 0));
}

function humanSize(bytes: number): string {
  return bytes < 2 ** 20 ? formatSize(bytes) : formatSize(Math.round(bytes / 2 ** 20) * 2 ** 20);
}

function print(downloads: readonly Download[], { directories }: Host, request: Request, { terminal }: World): void {
  if (has(request, "json")) {
    terminal.print(JSON.stringify({ directory: directories.downloads, downloads: downloads.map(asData) }, null, 2));
    return;
  }
  const rows = downloads.map(({ sha256, title, bytes, downloadedMs }) =>
    [sha256.slice(0, 12), humanSize(bytes), new Date(downloadedMs).toISOString().slice(0, 10), title].map((text) => ({
      text,
    })),
  );
  const lines = tableLines(["SUM", "SIZE", "DATE", "INSTALLER"], rows, styleOf(terminal), Infinity);
  for (const line of rows.length === 0 ? [] : lines) terminal.print(line);
  terminal.print(`${downloads.length} in ${directories.downloads}, ${sizeOf(downloads)}`);
}

function asData({ sha256, title, bytes, downloadedMs }: Download) {
  return { sha256, title, bytes, downloaded: new Date(downloadedMs).toISOString() };
}
