import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { KvmError, messageOf } from "../errors";

export interface DownloadOptions {
  readonly signal?: AbortSignal;
  /** Gets the bytes loaded so far and, where the server says it, their final number. */
  readonly onProgress?: (loaded: number, total: number | undefined) => void;
}

export interface Fetch {
  /** Loads a URL (http or https) into a file that only we can read; nothing is left of a failed download. */
  download(url: string, file: string, options?: DownloadOptions): Promise<void>;
}

export const httpFetch: Fetch = {
  async download(url, file, options = {}) {
    try {
      const { body, total } = await open(url, options.signal);
      await pipeline(
        Readable.fromWeb(body),
        counter(total, options.onProgress),
        createWriteStream(file, { mode: 0o600 }),
      );
    } catch (error) {
      await rm(file, { force: true });
      throw error instanceof KvmError ? error : failed(url, messageOf(error), error);
    }
  },
};

async function open(url: string, signal: AbortSignal | undefined) {
  const response = await fetch(url, signal === undefined ? {} : { signal });
  if (!response.ok || response.body === null)
    throw failed(url, `the server answered ${response.status} ${response.statusText}`);
  const length = response.headers.get("content-length");
  return { body: response.body, total: length === null ? undefined : Number(length) };
}

function counter(total: number | undefined, onProgress: DownloadOptions["onProgress"] = () => undefined): Transform {
  let loaded = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      loaded += chunk.length;
      onProgress(loaded, total);
      done(null, chunk);
    },
  });
}

function failed(url: string, why: string, cause?: unknown): KvmError {
  const reason = cause instanceof Error && cause.cause instanceof Error ? `${why}: ${cause.cause.message}` : why;
  return new KvmError("not-found", `cannot download ${url}: ${reason}`, {
    remedy: "Check the URL, the network and the proxy of the host, or download the file yourself and give its path",
    cause,
  });
}
