import { spawn } from "node:child_process";

/** Runs work while no other process does so under the same lock file; the kernel frees it when we are killed. */
export async function locked<Result>(file: string, onWait: () => void, work: () => Promise<Result>): Promise<Result> {
  // The lock is held while the shell's child reads, which is until we close its input or end.
  const holder = spawn("flock", [file, "sh", "-c", "echo locked; exec cat"], { stdio: ["pipe", "pipe", "inherit"] });
  const waiting = setTimeout(onWait, 1000);
  try {
    await new Promise((resolve, reject) => {
      holder.on("error", reject);
      holder.on("close", () => reject(new Error(`the lock file ${file} can't be locked`)));
      holder.stdout.once("data", resolve);
    });
    clearTimeout(waiting);
    return await work();
  } finally {
    clearTimeout(waiting);
    holder.stdin.end();
  }
}
