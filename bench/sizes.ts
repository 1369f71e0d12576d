import { execFile } from "node:child_process";
import { mkdir, rm, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import type { Figures } from "./index";

const run = promisify(execFile);
const folder = path.resolve(__dirname, "../.cache/bench/sizes");
const diskBytes = 40e9;

/**
 * Writing answers into ISOs of different sizes on a file system that shares blocks: an XFS of its own, mounted where
 * nobody else sees it. Needs root.
 */
export async function sizeFigures(log: (line: string) => void): Promise<Figures> {
  const [disk, mountPoint] = [path.join(folder, "disk"), path.join(folder, "mount")];
  await mkdir(mountPoint, { recursive: true });
  try {
    await writeFile(disk, "");
    await truncate(disk, diskBytes);
    await run("mkfs.xfs", ["-q", "-m", "reflink=1", disk]);
    log("making ISOs of 0.7, 4.7 and 12 GB, remastering and copying them (some minutes)");
    const script = 'mount -o loop "$1" "$2" && exec "$3" --import tsx "$4" "$2"';
    const child = [disk, mountPoint, process.execPath, path.join(__dirname, "sizes-child.ts")];
    const { stdout } = await run("unshare", ["-m", "sh", "-c", script, "sh", ...child]);
    return JSON.parse(stdout) as Figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
