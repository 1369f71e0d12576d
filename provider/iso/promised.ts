import type { Context } from "../resource/handler";
import type { Host } from "../resource/host";

/** An ISO of the program that runs now: where it was deleted after an installation, it can be written anew. */
export interface PromisedIso {
  /** Undefined when that is not known yet at preview. */
  readonly digest: string | undefined;
  readonly keep: boolean;
  /** Throws what an InstallerIso throws. @param reporter whose row shows how far it is */
  readonly write: (reporter: Pick<Context, "progress" | "warn" | "signal">) => Promise<unknown>;
}

type Holder = Pick<Host, "connection">;

/** All that this process was asked to check: the engine asks for an ISO before it asks for the machine that needs it. */
const promised = new Map<string, PromisedIso>();

export function promiseIso(host: Holder, path: string, iso: PromisedIso): void {
  promised.set(keyOf(host, path), iso);
}

/** Undefined when no InstallerIso of this run's program makes it. */
export function promisedIso(host: Holder, path: string): PromisedIso | undefined {
  return promised.get(keyOf(host, path));
}

export function forgetIso(host: Holder, path: string): void {
  promised.delete(keyOf(host, path));
}

function keyOf({ connection }: Holder, path: string): string {
  return `${connection} ${path}`;
}
