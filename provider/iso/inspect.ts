import type { RunResult } from "../host/run";
import type { IsoFacts } from "../install/family";
import type { Host } from "../resource/host";
import { KvmError } from "../values/errors";
import { applicationArea, descriptorArea, sector, sizeOfVolume } from "./session";

export type IsoHost = Pick<Host, "run" | "files">;

/** The position of a file's content in the ISO, in bytes. */
interface Place {
  readonly offset: number;
  readonly length: number;
}

/** xorriso's report of an ISO, without the content of files. */
export interface IsoReport {
  readonly volumeId: string;
  /** Time of the volume's last modification, in seconds since 1970. */
  readonly modified: number;
  readonly files: ReadonlySet<string>;
  readonly places: ReadonlyMap<string, Place>;
  /** The firmware types that can boot it. */
  readonly boots: readonly ("BIOS" | "UEFI")[];
  /** The position of the FAT image that UEFI boots from, in bytes: a file, a hidden one, or an appended partition. */
  readonly efiImage?: number;
}

/** The facts about an ISO that families and the remaster need. */
export interface IsoContents extends IsoReport, IsoFacts {
  /** Whether it contains a sum for Red Hat's medium check. */
  readonly hasImplantedMd5: boolean;
}

const oldestXorriso = [1, 5, 4] as const;

/** Reads volume id, list of files, boot records and the selected texts. @param selected selects the files to read */
export async function inspectIso(
  iso: string,
  selected: (files: ReadonlySet<string>) => readonly string[],
  host: IsoHost,
): Promise<IsoContents> {
  const report = await reportOf(iso, host);
  if (report.boots.length === 0) throw nothingToBoot(iso);
  return {
    ...report,
    texts: await readTexts(iso, report, selected(report.files), host),
    hasImplantedMd5: (await host.files.readFrom(iso, applicationArea.offset, applicationArea.length)).includes(md5Tag),
  };
}

const md5Tag = "ISO MD5SUM = ";

/** @throws KvmError if the file ends before the size in its volume descriptor */
async function requireWhole(iso: string, host: IsoHost): Promise<void> {
  const descriptor = await host.files.readFrom(iso, descriptorArea.offset, sector);
  if (descriptor.toString("latin1", 1, 6) !== "CD001") return;
  const announced = sizeOfVolume(descriptor);
  const present = (await host.files.stat(iso))?.bytes ?? 0;
  if (present >= announced) return;
  throw new KvmError("unknown-iso", `${iso} is truncated: it has ${present} of ${announced} bytes`, {
    remedy: "Download the ISO again",
  });
}

function nothingToBoot(iso: string): KvmError {
  return new KvmError("unknown-iso", `${iso} has no boot record (El Torito) that firmware could boot`, {
    remedy: "Give an installer ISO as its distribution publishes it",
  });
}

/** One text file of the ISO; undefined if the ISO has no such file. */
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
  throw new KvmError("unknown-iso", `${iso} is not an ISO 9660 image, or is damaged`, {
    remedy: "Give the installer ISO as its distribution publishes it, decompressed if it was downloaded compressed",
  });
}

/** The time limit: the biggest installers take seconds, from a slow disk. */
const listingMs = 60_000;

/** The exit codes 5 and 32 mean problems with the image; the report itself shows whether it is readable. */
async function list(iso: string, args: readonly string[], host: IsoHost): Promise<RunResult> {
  try {
    return await host.run("xorriso", args, { accept: [5, 32], timeoutMs: listingMs });
  } catch (error) {
    if (!(error instanceof KvmError) || error.code !== "timeout") throw error;
    throw new KvmError("unknown-iso", `the directory tree of ${iso} has no end: the ISO is damaged`, {
      remedy: "Download the ISO again",
      cause: error,
    });
  }
}

/** Reads the texts at their positions; leaves out files that the ISO doesn't have. */
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

/** Far more than the size of any list of files or menu. */
const mostTextBytes = 2 ** 24;

function tooLong(file: string, bytes: number): KvmError {
  return new KvmError("unknown-iso", `/${file} of the ISO has ${bytes} bytes, too many for an installer's file`, {
    remedy: "Give an installer ISO as its distribution publishes it",
  });
}

/** Undefined if it isn't the report of an ISO 9660 image. */
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

/** `El Torito boot img :   2  UEFI  y   none  0x0000  0x00  18912        2160`: bootable, blocks to load, sector. */
function parseBootImage(line: string): { firmware: string; sector: number }[] {
  const [, firmware, start] = /^El Torito boot img : +\d+ +(\w+) +y .* (\d+)$/.exec(line) ?? [];
  return firmware === undefined ? [] : [{ firmware, sector: Number(start) }];
}

/**
 * `File data lba: 0 , 2151 , 1 , 86 , '/.disk/info'`: extent, first sector, sectors, bytes; a big file has a line for
 * each extent.
 */
function parsePlace(line: string): [string, Place][] {
  const [, start, length, file] = /^File data lba: +0 , +(\d+) , +\d+ , +(\d+) , ('\/.*)$/.exec(line) ?? [];
  if (file === undefined) return [];
  return [[unquote(file).slice(1), { offset: Number(start) * sector, length: Number(length) }]];
}

function fieldOf(lines: readonly string[], name: string): string {
  const line = lines.find((candidate) => candidate.startsWith(name));
  return line?.slice(line.indexOf(":") + 1).trim() ?? "";
}

/** `2023111422132000`: year to hundredths of a second. An unset time becomes 1980, which every tool can store. */
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

/** Older releases can't write all partition tables of current ISOs. */
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
