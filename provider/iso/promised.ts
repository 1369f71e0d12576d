import type { Installation, InstallationDisk } from "../install/installation";
import type { Context } from "../resource/handler";
import type { Host } from "../resource/host";

/** An ISO of the running program: if it was deleted after an installation, it can be written again. */
export interface PromisedIso {
  /** Undefined if it is not known yet at preview. */
  readonly digest: string | undefined;
  readonly keep: boolean;
  /** Where it installs; undefined if that is not known yet at preview. */
  readonly disk: InstallationDisk;
  /** Whether it binds the disk to the machine's TPM; undefined if that is not known yet at preview. */
  readonly tpm: boolean | undefined;
  /** What the ISO installs; undefined if that is not known yet. */
  readonly installed: () => Promise<Pick<Installation, "family" | "release"> | undefined>;
  /** Throws the errors of an InstallerIso. @param reporter whose row shows the progress */
  readonly write: (reporter: Pick<Context, "progress" | "warn" | "signal">) => Promise<unknown>;
}

type Holder = Pick<Host, "connection">;

/** The ISOs that this process was asked to check: the engine checks an ISO before the machine that needs it. */
const promised = new Map<string, PromisedIso>();

export function promiseIso(host: Holder, path: string, iso: PromisedIso): void {
  promised.set(keyOf(host, path), iso);
}

/** Undefined if no InstallerIso of this run's program writes it. */
export function promisedIso(host: Holder, path: string): PromisedIso | undefined {
  return promised.get(keyOf(host, path));
}

export function forgetIso(host: Holder, path: string): void {
  promised.delete(keyOf(host, path));
}

function keyOf({ connection }: Holder, path: string): string {
  return `${connection} ${path}`;
}
