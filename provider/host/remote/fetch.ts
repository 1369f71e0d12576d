import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { Fetch } from "../fetch";
import type { Files } from "../files";
import type { Run } from "../run";

/** What a slow line needs for a large image. */
const sendingMs = 24 * 60 * 60_000;

/**
 * Loads files by way of this machine: its network may have proxies that the host does not know.
 * @param directory for what is on its way
 */
export function remoteFetch(own: Fetch, directory: string, { files, run }: { files: Files; run: Run }): Fetch {
  return {
    bytes: (url, signal) => own.bytes(url, signal),
    download: async (url, file, options = {}) => {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const name = createHash("sha256").update(url).digest("hex");
      const here = path.join(directory, `${name}.sent`);
      await own.download(url, here, options);
      const { size } = await stat(here);
      const present = options.resume === true ? ((await files.stat(file))?.bytes ?? 0) : 0;
      if (present < size) await send(here, file, present, run, options.signal);
      await rm(here, { force: true });
    },
  };
}

/** Appends what the host's file does not have yet. */
async function send(
  here: string,
  file: string,
  present: number,
  run: Run,
  signal: AbortSignal | undefined,
): Promise<void> {
  const script = 'umask 077; [ ! -L "$0" ] && { [ "$1" != 0 ] || : > "$0"; } && exec cat >> "$0"';
  const input = createReadStream(here, { start: present });
  await run("sh", ["-c", script, file, String(present)], {
    input,
    timeoutMs: sendingMs,
    ...(signal && { signal }),
  });
}
