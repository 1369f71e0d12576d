import { setTimeout } from "node:timers/promises";
import { KvmError } from "../values/errors";

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** @throws KvmError "interrupted" when the signal is aborted */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds, signal) => {
    try {
      await setTimeout(milliseconds, undefined, signal === undefined ? {} : { signal });
    } catch (cause) {
      throw new KvmError("interrupted", "the wait was interrupted", { remedy: "Run `pulumi up` again", cause });
    }
  },
};
