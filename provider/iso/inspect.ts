import { KvmError } from "../errors";
import type { Host } from "../host/index";
import type { IsoFacts } from "../install/family";

export type IsoHost = Pick<Host, "run" | "files">;

/** Where a file's content lies in the ISO, in bytes. */
interface Place {
  readonly offset: number;
  readonly length: number;
}

/** What xorriso reports of an ISO before any text in it is read. */
export interface IsoReport {
  readonly volumeId: string;
  /** Seconds since 1970 at which the volume was modified last. */
  readonly modified: number;
  readonly files: ReadonlySet<string>;
  readonly places: ReadonlyMap<string, Place>;
  /** The firmwares that find something to boot. */
  readonly boots: readonly ("BIOS" | "UEFI")[];
}

/** An ISO as families see it, and what the remaster has to know of it. */
export interface IsoContents extends IsoReport, IsoFacts {}

const oldestXorriso = [1, 5, 4] as const;

/** Reads volume id, list of files, boot records and the wanted texts. @param wanted says which of the files to read */
export async function inspectIso(
  iso: string,
  wanted: (files: ReadonlySet<string>) => readonly string[],
  host: IsoHost,
): Promise<IsoContents> {
  const report = await reportOf(iso, host);
  return { ...report, texts: await readTexts(iso, report, wanted(report.files), host) };
}

/** One text file of the ISO; undefined when the ISO has none of that name. */
export async function readIsoText(iso: string, file: string, host: IsoHost): Promise<string | undefined> {
  return (await readTexts(iso, await reportOf(iso, host), [file], host)).get(file);
}

async function reportOf(iso: string, host: IsoHost): Promise<IsoReport> {
  const listing = ["-find", "/", "-type", "f", "-exec", "report_lba", "--"];
  const args = ["-no_rc", "-indev", iso, "-pvd_info", "-report_el_torito", "plain", ...listing];
  // Exit code 32 stands for troubles that leave the image readable; whether it is, the report itself tells.
  const { stdout, stderr } = await host.run("xorriso", args, { accept: [32] });
  requireXorriso(stderr);
  const report = parseReport(stdout);
  if (report !== undefined) return report;
  throw new KvmError("unknown-iso", `${iso} is not an ISO 9660 image`, {
    remedy: "Give the installer ISO as its distribution publishes it, unpacked if it came compressed",
  });
}

/** Reads them where they lie; leaves out what the ISO doesn't have. */
async function readTexts(
  iso: string,
  { places }: IsoReport,
  files: readonly string[],
  host: IsoHost,
): Promise<ReadonlyMap<string, string>> {
  const texts = files.map(async (file) => {
    const place = places.get(file);
    if (place === undefined) return [];
    return [[file, (await host.files.readFrom(iso, place.offset, place.length)).toString()] as const];
  });
  return new Map((await Promise.all(texts)).flat());
}

/** Undefined when it isn't the report of an ISO 9660 image. */
export function parseReport(stdout: string): IsoReport | undefined {
  const lines = stdout.split("\n");
  if (!lines.some((line) => line.startsWith("PVD address"))) return undefined;
  const firmwares = (["BIOS", "UEFI"] as const).filter((firmware) =>
    lines.some((line) => new RegExp(`^El Torito boot img : +\\d+ +${firmware} +y `).test(line)),
  );
  const places = new Map(lines.flatMap(parsePlace));
  return {
    volumeId: fieldOf(lines, "Volume Id"),
    modified: parseVolumeTime(fieldOf(lines, "Modif. Time")),
    files: new Set(places.keys()),
    places,
    boots: firmwares,
  };
}

const sectorBytes = 2048;

/** `File data lba: 0 , 2151 , 1 , 86 , '/.disk/info'`: extent, first sector, sectors, bytes; of a big file, one line an extent. */
function parsePlace(line: string): [string, Place][] {
  const [, sector, length, file] = /^File data lba: +0 , +(\d+) , +\d+ , +(\d+) , ('\/.*)$/.exec(line) ?? [];
  if (file === undefined) return [];
  return [[unquote(file).slice(1), { offset: Number(sector) * sectorBytes, length: Number(length) }]];
}

function fieldOf(lines: readonly string[], name: string): string {
  const line = lines.find((candidate) => candidate.startsWith(name));
  return line?.slice(line.indexOf(":") + 1).trim() ?? "";
}

/** `2023111422132000`: year to hundredths of a second. An unset time is taken as 1980, which every tool can store. */
function parseVolumeTime(digits: string): number {
  const [, year, ...rest] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(digits) ?? [];
  const [month = 1, day = 1, hours = 0, minutes = 0, seconds = 0] = rest.map(Number);
  if (year === undefined || Number(year) < 1980) return Date.UTC(1980, 0, 1) / 1000;
  return Date.UTC(Number(year), month - 1, day, hours, minutes, seconds) / 1000;
}

/** xorriso quotes like a shell: `'it'"'"'s'`. */
function unquote(text: string): string {
  return text.replace(
    /'([^']*)'|"([^"]*)"/g,
    (_all, single: string | undefined, double: string | undefined) => single ?? double ?? "",
  );
}

/** Older releases can't write all the partition tables that today's ISOs have. */
export function requireXorriso(stderr: string): void {
  const version = /xorriso (\d+)\.(\d+)\.(\d+)/.exec(stderr)?.slice(1, 4).map(Number) ?? [];
  const difference = oldestXorriso.map((part, index) => (version[index] ?? 0) - part).find((part) => part !== 0) ?? 0;
  if (difference >= 0) return;
  throw new KvmError(
    "unsupported",
    `xorriso ${version.join(".")} is too old; ${oldestXorriso.join(".")} or later is needed`,
    {
      remedy: "Install a newer xorriso on the host (Debian 12 and later have one)",
    },
  );
}
