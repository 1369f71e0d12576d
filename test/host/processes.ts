import { setTimeout } from "node:timers/promises";

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Waits up to three seconds. */
export async function until(isReached: () => boolean): Promise<boolean> {
  for (let tries = 0; tries < 60 && !isReached(); tries++) await setTimeout(50);
  return isReached();
}
