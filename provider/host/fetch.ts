import { constants } from "node:fs";
import { open, rm, stat } from "node:fs/promises";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout } from "node:timers/promises";
import type { Dispatcher, Response } from "undici";
import { type ErrorCode, KvmError, messageOf } from "../values/errors";

export interface DownloadOptions {
  readonly signal?: AbortSignal;
  /** Gets the bytes loaded so far and, where the server says it, their final number. */
  readonly onProgress?: (loaded: number, total: number | undefined) => void;
  /**
   * Goes on with what the file holds from an earlier, failed download, and leaves what it has loaded when it fails itself.
   * Only for contents whose sum is checked afterwards.
   */
  readonly resume?: boolean;
}

/** Proxies are taken from http_proxy, https_proxy and no_proxy. */
export interface Fetch {
  /** Loads a URL (http or https) into a file that only we can read. Without `resume`, nothing is left of a failed one. */
  download(url: string, file: string, options?: DownloadOptions): Promise<void>;
  /** A small file, such as a list of sums: 4 MiB at most. */
  bytes(url: string, signal?: AbortSignal): Promise<Buffer>;
}

export interface FetchSettings {
  /** Rests between attempts, in milliseconds; after the last one, the failure is final. */
  readonly rests: readonly number[];
  /** How long nothing may arrive before an attempt has failed, in milliseconds. */
  readonly patience: number;
}

const usual: FetchSettings = { rests: [1_000, 2_000, 4_000, 8_000], patience: 60_000 };
const smallBytes = 4 * 2 ** 20;

export function openFetch(settings: FetchSettings = usual): Fetch {
  return {
    download: (url, file, options = {}) =>
      explained(url, options.signal, async () => {
        try {
          await attempts(settings, options.signal, (nth) => load(url, file, options, nth > 0, settings));
        } catch (error) {
          // A full disk is not helped by keeping what filled it.
          if (options.resume !== true || isDiskFull(error)) await rm(file, { force: true });
          throw error;
        }
      }),
    bytes: (url, signal) =>
      explained(url, signal, () =>
        attempts(settings, signal, async () => {
          const response = await request(url, {}, signal, settings);
          const chunks: Buffer[] = [];
          let loaded = 0;
          for await (const chunk of bodyOf(response)) {
            chunks.push(Buffer.from(chunk as Uint8Array));
            loaded += chunks.at(-1)?.length ?? 0;
            if (loaded > smallBytes) throw new Refused("unsupported", `it has more than ${smallBytes} bytes`);
          }
          return Buffer.concat(chunks);
        }),
      ),
  };
}

export const httpFetch = openFetch();

/** The server's answer is final: another attempt would get the same. */
class Refused extends Error {
  constructor(
    readonly why: ErrorCode,
    message: string,
  ) {
    super(message);
  }
}

async function attempts<T>(
  { rests }: FetchSettings,
  signal: AbortSignal | undefined,
  attempt: (nth: number) => Promise<T>,
): Promise<T> {
  for (let nth = 0; ; nth += 1) {
    try {
      return await attempt(nth);
    } catch (error) {
      const rest = rests[nth];
      if (error instanceof Refused || isDiskFull(error) || signal?.aborted === true || rest === undefined) throw error;
      await setTimeout(rest, undefined, signal === undefined ? {} : { signal });
    }
  }
}

/** One attempt; from the second on, and with `resume`, it asks for what is missing only. */
async function load(
  url: string,
  file: string,
  { signal, onProgress = () => undefined, resume = false }: DownloadOptions,
  isAgain: boolean,
  settings: FetchSettings,
): Promise<void> {
  const present = resume || isAgain ? await sizeOf(file) : 0;
  const response = await request(url, present > 0 ? { range: `bytes=${present}-` } : {}, signal, settings);
  if (response.status === 416) {
    // The file has all of it already, or more: then it isn't the same, and the next attempt begins anew.
    if (response.headers.get("content-range") === `bytes */${present}`) return;
    await rm(file, { force: true });
    throw new Error("the server has another file than before");
  }
  const start = response.status === 206 ? present : 0;
  const length = response.headers.get("content-length");
  const total = length === null ? undefined : start + Number(length);
  const { O_WRONLY, O_CREAT, O_NOFOLLOW, O_APPEND, O_TRUNC } = constants;
  const handle = await open(file, O_WRONLY | O_CREAT | O_NOFOLLOW | (start > 0 ? O_APPEND : O_TRUNC), 0o600);
  await pipeline(bodyOf(response), counter(start, total, onProgress), handle.createWriteStream());
}

async function request(
  url: string,
  headers: Record<string, string>,
  signal: AbortSignal | undefined,
  { patience }: FetchSettings,
): Promise<Response> {
  // Loaded at the first use: an unchanged preview downloads nothing.
  const { fetch } = await import("undici");
  const options = { headers, dispatcher: await dispatcherOf(patience) };
  const response = await fetch(url, signal === undefined ? options : { ...options, signal });
  const { status, statusText } = response;
  if (response.ok || (status === 416 && headers["range"] !== undefined)) return response;
  const what = `the server answered ${status} ${statusText}`;
  await response.body?.cancel();
  if (status >= 500 || status === 408 || status === 429) throw new Error(what);
  throw new Refused(status === 404 || status === 410 ? "not-found" : "forbidden", what);
}

const dispatchers = new Map<number, Dispatcher>();

async function dispatcherOf(patience: number): Promise<Dispatcher> {
  const { EnvHttpProxyAgent } = await import("undici");
  const known = dispatchers.get(patience);
  if (known !== undefined) return known;
  const limits = { headersTimeout: patience, bodyTimeout: patience, connect: { timeout: patience } };
  const dispatcher = new EnvHttpProxyAgent(limits);
  dispatchers.set(patience, dispatcher);
  return dispatcher;
}

function bodyOf({ body }: Response): Readable {
  return body === null ? Readable.from([]) : Readable.fromWeb(body);
}

function counter(start: number, total: number | undefined, onProgress: (loaded: number, total?: number) => void) {
  let loaded = start;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      loaded += chunk.length;
      onProgress(loaded, total);
      done(null, chunk);
    },
  });
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch {
    return 0;
  }
}

function isDiskFull(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOSPC";
}

async function explained<T>(url: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isDiskFull(error)) throw diskFull(url, error);
    if (signal?.aborted === true) throw interrupted(url, error);
    throw failed(url, error);
  }
}

/** Without the query, which may hold a signature that gives access. */
function named(url: string): string {
  return url.replace(/[?#].*$/, "");
}

function diskFull(url: string, cause: unknown): KvmError {
  return new KvmError("no-space", `the disk became full while ${named(url)} was downloaded`, {
    remedy: "Free space in the folder of the downloads on the host",
    cause,
  });
}

function interrupted(url: string, cause: unknown): KvmError {
  return new KvmError("interrupted", `the download of ${named(url)} was interrupted`, {
    remedy: "Run `pulumi up` again",
    cause,
  });
}

function failed(url: string, cause: unknown): KvmError {
  const why = messageOf(cause);
  const reason = cause instanceof Error && cause.cause instanceof Error ? `${why}: ${cause.cause.message}` : why;
  return new KvmError(codeOf(cause), `cannot download ${named(url)}: ${reason}`, {
    remedy: "Check the URL, the network and the proxy of the host, or download the file yourself and give its path",
    cause,
  });
}

function codeOf(failure: unknown): ErrorCode {
  if (failure instanceof Refused) return failure.why;
  const causes = [failure, failure instanceof Error ? failure.cause : undefined];
  return causes.some((cause) => cause instanceof Error && /TIMEOUT|TIMEDOUT/.test(String(Reflect.get(cause, "code"))))
    ? "timeout"
    : "unreachable";
}
