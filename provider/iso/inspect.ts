import type { RunResult } from "../host/run";
import type { IsoFacts } from "../install/family";
import type { Host } from "../resource/host";
import { KvmError } from "../values/errors";
import { applicationArea, descriptorArea, sector, sizeOfVolume } from "./session";

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
  /** The byte at which the FAT image begins that UEFI boots from, be it a file, hidden, or an appended partition. */
  readonly efiImage?: number;
}

/** An ISO as families see it, and what the remaster has to know of it. */
export interface IsoContents extends IsoReport, IsoFacts {
  /** Whether it carries a sum for Red Hat's medium check. */
  readonly hasImplantedMd5: boolean;
}

const oldestXorriso = [1, 5, 4] as const;

/** Reads volume id, list of files, boot records and the wanted texts. @param wanted says which of the files to read */
export async function inspectIso(
  iso: string,
  wanted: (files: ReadonlySet<string>) => readonly string[],
  host: IsoHost,
): Promise<IsoContents> {
  const report = await reportOf(iso, host);
  if (report.boots.length === 0) throw nothingToBoot(iso);
  return {
    ...report,
    texts: await readTexts(iso, report, wanted(report.files), host),
    hasImplantedMd5: (await host.files.readFrom(iso, applicationArea.offset, applicationArea.length)).includes(md5Tag),
  };
}

const md5Tag = "ISO MD5SUM = ";

/** @throws KvmError when the file ends before what its volume descriptor announces */
async function requireWhole(iso: string, host: IsoHost): Promise<void> {
  const descriptor = await host.files.readFrom(iso, descriptorArea.offset, sector);
  if (descriptor.toString("latin1", 1, 6) !== "CD001") return;
  const announced = sizeOfVolume(descriptor);
  const present = (await host.files.stat(iso))?.bytes ?? 0;
  if (present >= announced) return;
  throw new KvmError("unknown-iso", `${iso} is cut off: it has ${present} of ${announced} bytes`, {
    remedy: "Download the ISO again",
  });
}

function nothingToBoot(iso: string): KvmError {
  return new KvmError("unknown-iso", `${iso} has no boot record (El Torito) that a firmware could start`, {
    remedy: "Give an installer ISO as its distribution publishes it",
  });
}

/** One text file of the ISO; undefined when the ISO has none of that name. */
export async function readIsoText(iso: string, file: string, host: IsoHost): Promise<string | undefined> {
  return (await readTexts(iso, await reportOf(iso, host), [file], host)).get(file);
}

async function reportOf(iso: string, host: IsoHost): Promise<IsoReport> {
  const listing = ["-find", "/", "-type", "f", "-exec", "report_lba", "--"];
  const args = ["-no_rc", "-indev", iso, "-pvd_info", "-report_el_torito", "plain", ...listing];
  await requireWhole(iso, host);
  const { stdout, stderr } = await list(iso, args, host);
  requireXorriso(stderr);
  const report = parseReport(stdout);
  if (report !== undefined) return report;
  throw new KvmError("unknown-iso", `${iso} is not an ISO 9660 image, or a broken one`, {
    remedy: "Give the installer ISO as its distribution publishes it, unpacked if it came compressed",
  });
}

/** That of the biggest installers takes seconds, from a slow disk. */
const listingMs = 60_000;

/** The exit codes 5 and 32 stand for troubles with the image; whether it is readable, the report itself tells. */
async function list(iso: string, args: readonly string[], host: IsoHost): Promise<RunResult> {
  try {
    return await host.run("xorriso", args, { accept: [5, 32], timeoutMs: listingMs });
  } catch (error) {
    if (!(error instanceof KvmError) || error.code !== "timeout") throw error;
    throw new KvmError("unknown-iso", `the folders of ${iso} have no end: it is broken`, {
      remedy: "Download the ISO again",
      cause: error,
    });
  }
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
    if (place.length > mostTextBytes) throw tooLong(file, place.length);
    return [[file, (await host.files.readFrom(iso, place.offset, place.length)).toString()] as const];
  });
  return new Map((await Promise.all(texts)).flat());
}

/** Far more than any list of files or menu has. */
const mostTextBytes = 2 ** 24;

function tooLong(file: string, bytes: number): KvmError {
  return new KvmError("unknown-iso", `/${file} of the ISO has ${bytes} bytes, which no installer's has`, {
    remedy: "Give an installer ISO as its distribution publishes it",
  });
}

/** Undefined when it isn't the report of an ISO 9660 image. */
export function parseReport(stdout: string): IsoReport | undefined {
  const lines = stdout.split("\n");
  if (!lines.some((line) => line.startsWith("PVD address"))) return undefined;
  const images = lines.flatMap(parseBootImage);
  const efi = images.find(({ firmware }) => firmware === "UEFI");
  const places = new Map(lines.flatMap(parsePlace));
  return {
    volumeId: fieldOf(lines, "Volume Id"),
    modified: parseVolumeTime(fieldOf(lines, "Modif. Time")),
    files: new Set(places.keys()),
    places,
    boots: firmwares.filter((firmware) => images.some((image) => image.firmware === firmware)),
    ...(efi === undefined ? {} : { efiImage: efi.sector * sector }),
  };
}

const firmwares = ["BIOS", "UEFI"] as const;

/** `El Torito boot img :   2  UEFI  y   none  0x0000  0x00  18912        2160`: whether it boots, blocks to load, sector. */
function parseBootImage(line: string): { firmware: string; sector: number }[] {
  const [, firmware, start] = /^El Torito boot img : +\d+ +(\w+) +y .* (\d+)$/.exec(line) ?? [];
  return firmware === undefined ? [] : [{ firmware, sector: Number(start) }];
}

/** `File data lba: 0 , 2151 , 1 , 86 , '/.disk/info'`: extent, first sector, sectors, bytes; of a big file, one line an extent. */
function parsePlace(line: string): [string, Place][] {
  const [, start, length, file] = /^File data lba: +0 , +(\d+) , +\d+ , +(\d+) , ('\/.*)$/.exec(line) ?? [];
  if (file === undefined) return [];
  return [[unquote(file).slice(1), { offset: Number(start) * sector, length: Number(length) }]];
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
