import path from "node:path";
import { type ErrorDetails, KvmError, NotFound } from "../values/errors";
import type { Clock } from "./clock";
import type { Directories } from "./environment";
import type { Fetch } from "./fetch";
import type { Files } from "./files";
import type { Lock } from "./lock";

/** The source of a file, and its required sum. */
export interface Source {
  /** A file on the host. */
  readonly path?: string | undefined;
  readonly url?: string | undefined;
  /** Where the same file may be if the URL no longer has it. */
  readonly otherUrls?: readonly string[];
  readonly sha256: string;
}

export interface Reporting {
  readonly progress: (text: string) => void;
  readonly signal: AbortSignal;
  /** The name of the content, such as `the ISO`. */
  readonly what: string;
  /** Of the error if `path` is no file. */
  readonly missing?: ErrorDetails;
  /** Of the error if no URL has the file any more. */
  readonly gone?: ErrorDetails;
}

/** The parts of a host that a download needs. */
interface Loader {
  readonly files: Files;
  readonly fetch: Fetch;
  readonly lock: Lock;
  readonly clock: Clock;
  readonly directories: Pick<Directories, "downloads">;
}

/** The path of the verified file on the host; it is downloaded only if it does not exist. */
export async function obtainSource(source: Source, host: Loader, reporting: Reporting): Promise<string> {
  if (source.path !== undefined) return verifiedFile(source.path, source.sha256, host, reporting);
  const { url = "", otherUrls = [], sha256 } = source;
  const download = () => downloadedFrom([url, ...otherUrls], sha256, host, reporting);
  return host.lock(`download-${sha256}`, download, reporting);
}

/** The path of the file if it exists on the host already; its sum is not checked. */
export async function pathAtHand(
  source: Source,
  host: Pick<Loader, "files" | "directories">,
): Promise<string | undefined> {
  if (source.path !== undefined) await requireFile(source.path, host);
  const file = source.path ?? keptDownload(source.sha256, host);
  return (await host.files.stat(file)) === undefined ? undefined : file;
}

function keptDownload(sha256: string, { directories }: Pick<Loader, "directories">): string {
  return path.join(directories.downloads, `${sha256}.iso`);
}

const atSource: ErrorDetails = {
  property: "source.path",
  remedy: "Give the path of a file on the KVM host, or a `url`",
};

/** Cheap enough for a preview: the sum is not checked. @param details of the error, if it isn't about `source.path` */
export async function requireFile(file: string, host: Pick<Loader, "files">, details = atSource): Promise<void> {
  const stat = await host.files.stat(file);
  if (stat?.isFile === true) return;
  throw new NotFound(stat === undefined ? `there is no file ${file} on the host` : `${file} is not a file`, details);
}

async function verifiedFile(file: string, expected: string, host: Loader, reporting: Reporting): Promise<string> {
  await requireFile(file, host, reporting.missing);
  const found = await sumOf(file, host, reporting);
  if (found !== expected) throw wrongSum(file, expected, found);
  return file;
}

/** From the first URL that has the file. If none has it, the failure is that of the first one. */
async function downloadedFrom(
  [url = "", ...others]: readonly string[],
  expected: string,
  host: Loader,
  reporting: Reporting,
): Promise<string> {
  try {
    return await downloaded(url, expected, host, reporting);
  } catch (error) {
    if (!isGone(error)) throw error;
    const failure = reporting.gone === undefined ? error : withDetails(error, reporting.gone);
    if (others.length === 0) throw failure;
    reporting.progress(`${url} no longer has ${reporting.what}; trying the next place`);
    return downloadedFrom(others, expected, host, reporting).catch((later: unknown) => {
      throw isGone(later) ? failure : later;
    });
  }
}

/** The server has no such file, or another one by that name. */
function isGone(error: unknown): error is KvmError {
  return error instanceof KvmError && (error.code === "not-found" || error.code === "checksum-mismatch");
}

function withDetails({ code, what, cause }: KvmError, details: ErrorDetails): KvmError {
  return new KvmError(code, what, { ...details, cause });
}

async function downloaded(url: string, expected: string, host: Loader, reporting: Reporting): Promise<string> {
  const kept = keptDownload(expected, host);
  if ((await host.files.stat(kept)) !== undefined && (await sumOf(kept, host, reporting)) === expected) return kept;
  await host.files.createDirectory(host.directories.downloads);
  const part = `${kept}.part`;
  // An earlier attempt may have left a part of another file of the same URL; only a complete download proves itself.
  const isResumed = (await host.files.stat(part)) !== undefined;
  const found = await sumOfDownload(url, part, host, reporting);
  if (found === expected) {
    await host.files.rename(part, kept);
    return kept;
  }
  await host.files.remove(part);
  if (isResumed) return downloaded(url, expected, host, reporting);
  throw wrongSum(url, expected, found);
}

async function sumOfDownload(url: string, part: string, host: Loader, reporting: Reporting): Promise<string> {
  const onProgress = downloadProgress(host, reporting);
  await host.fetch.download(url, part, { signal: reporting.signal, onProgress, resume: true });
  return sumOf(part, host, reporting);
}

/** Every report becomes a line of the log: one for each tenth part is enough. */
function sumOf(file: string, host: Loader, { progress, what }: Reporting): Promise<string> {
  let next = 10;
  return host.files.sha256(file, (share) => {
    const percent = Math.floor(share * 10) * 10;
    if (percent < next) return;
    next = percent + 10;
    progress(`verifying ${what}: ${percent} %`);
  });
}

const reportEveryMs = 3000;

/** The end is always reported. */
function downloadProgress({ clock }: Loader, { progress, what }: Reporting) {
  let last = clock.now();
  let before: number | undefined;
  return (loaded: number, total: number | undefined) => {
    before ??= loaded;
    const passed = clock.now() - last;
    if (loaded !== total && passed < reportEveryMs) return;
    progress(`downloading ${what}: ${amount(loaded, total)}${speed(loaded - before, passed)}`);
    last = clock.now();
    before = loaded;
  };
}

function amount(loaded: number, total: number | undefined): string {
  const megabytes = Math.floor(loaded / 1e6);
  if (total === undefined) return `${megabytes} MB`;
  return `${megabytes} of ${Math.ceil(total / 1e6)} MB (${Math.floor((loaded / total) * 100)} %)`;
}

/** The speed since the last report; a short time would give a wrong speed. */
function speed(bytes: number, milliseconds: number): string {
  return milliseconds < 500 ? "" : `, ${(bytes / milliseconds / 1000).toFixed(1)} MB/s`;
}

function wrongSum(what: string, expected: string, found: string): KvmError {
  return new KvmError("checksum-mismatch", `${what} has the SHA-256 sum ${found}, not ${expected}`, {
    property: "source.sha256",
    remedy:
      "Compare the sum with the one that the distribution publishes: the file is damaged, or it is another release",
  });
}
