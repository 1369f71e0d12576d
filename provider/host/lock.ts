import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { KvmError } from "../errors";
import type { Clock } from "./clock";

/** Runs `work` while no other process or call on this host holds the same name. */
export type Lock = <T>(name: string, work: () => Promise<T>, signal?: AbortSignal) => Promise<T>;

/** Whether somebody holds it now. */
export type IsLocked = (name: string) => Promise<boolean>;

const pollMs = 100;
const patienceMs = 10 * 60_000;

/**
 * Locks by listening on an abstract socket: the kernel lets one process have a name, and frees it when that process
 * ends in whatever way, so that there are no stale locks and no files.
 */
export function socketLock(scope: string, clock: Clock): Lock {
  return async (name, work, signal) => {
    const held = await acquire(`${scope} ${name}`, clock, signal);
    try {
      return await work();
    } finally {
      held.close();
    }
  };
}

export function socketProbe(scope: string): IsLocked {
  return async (name) => {
    const held = await tryAcquire(`${scope} ${name}`);
    held?.close();
    return held === undefined;
  };
}

async function acquire(name: string, clock: Clock, signal: AbortSignal | undefined): Promise<Server> {
  const until = clock.now() + patienceMs;
  for (;;) {
    const held = await tryAcquire(name);
    if (held !== undefined) return held;
    if (clock.now() > until) {
      throw new KvmError("timeout", `another program has worked on ${name} for ten minutes`, {
        remedy: "Wait for it to end, or end it, then run `pulumi up` again",
      });
    }
    await clock.sleep(pollMs, signal);
  }
}

async function tryAcquire(name: string): Promise<Server | undefined> {
  const server = createServer();
  // A lock alone must not keep the process alive.
  server.unref();
  try {
    // Socket names are short, and a leading zero byte makes them abstract.
    server.listen({ path: `\0kvm-deploy/${createHash("sha256").update(name).digest("hex")}` });
    await once(server, "listening");
    return server;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return undefined;
    throw error;
  }
}
