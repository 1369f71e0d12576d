import { readdir, readFile, readlink } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

const intervalMs = 200;

/** Megabytes that the provider's process of a stack had in memory at most while the work was done. */
export async function peakMemoryOf(stackFolder: string, work: () => Promise<unknown>): Promise<number> {
  let isDone = false;
  let peak = 0;
  const watch = async () => {
    while (!isDone) {
      // The kernel keeps the maximum, so that only the last moments before the end can be missed.
      peak = Math.max(peak, ...(await Promise.all((await providersIn(stackFolder)).map(maximumOf))));
      await sleep(intervalMs);
    }
  };
  const watching = watch();
  try {
    await work();
  } finally {
    isDone = true;
    await watching;
  }
  if (peak === 0) throw new Error("the provider's process was not seen");
  return peak;
}

/** The engine starts it in the program's folder, by a smaller process that looks for its place. */
async function providersIn(folder: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const providers: string[] = [];
  for (const pid of pids) {
    const [command, cwd] = await Promise.all([
      readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""),
      readlink(`/proc/${pid}/cwd`).catch(() => ""),
    ]);
    if (cwd === folder && /node\0.*dynamic-provider/.test(command)) providers.push(pid);
  }
  return providers;
}

async function maximumOf(pid: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
}
