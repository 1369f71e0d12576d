import path from "node:path";
import type { Files } from "./files";

/** What can't carry a mark of its own. */
export type LedgerKind = "volume" | "pool";

/**
 * What has to be known of a thing later on.
 * - `making`: its content isn't complete; what there is of it can be thrown away
 * - `adopted`: it was there before
 * - `made-folder`: its folder was made with it
 */
export type LedgerNote = "making" | "adopted" | "made-folder";

export interface LedgerEntry {
  /** URN of the resource. */
  readonly owner: string;
  readonly note?: LedgerNote | undefined;
}

/**
 * Who made the things that libvirt keeps no metadata of. An entry is written before the thing is made and removed after
 * it is deleted, so that a create that was cut off is known as ours.
 */
export interface Ledger {
  /** Undefined when kvm-deploy didn't make it. */
  entry(kind: LedgerKind, name: string): Promise<LedgerEntry | undefined>;
  claim(kind: LedgerKind, name: string, entry: LedgerEntry): Promise<void>;
  release(kind: LedgerKind, name: string): Promise<void>;
  names(kind: LedgerKind): Promise<readonly string[]>;
}

export function fileLedger(folder: string, files: Files): Ledger {
  const fileOf = (kind: LedgerKind, name: string) => path.join(folder, `${kind}-${encodeURIComponent(name)}`);
  return {
    entry: async (kind, name) => {
      const text = await files.readTextIfPresent(fileOf(kind, name));
      return text === undefined ? undefined : parseEntry(text);
    },
    claim: async (kind, name, { owner, note }) => {
      await files.makeFolder(folder, 0o700);
      await files.write(fileOf(kind, name), [owner, note, ""].filter((line) => line !== undefined).join("\n"));
    },
    release: async (kind, name) => {
      await files.remove(fileOf(kind, name));
      await files.removeEmptyFolder(folder);
    },
    names: async (kind) => {
      const prefix = `${kind}-`;
      const names = (await files.list(folder)).filter((file) => file.startsWith(prefix) && !file.endsWith(".part"));
      return names.map((file) => decodeURIComponent(file.slice(prefix.length)));
    },
  };
}

/** The first line is the owner's; an earlier release wrote that alone. */
function parseEntry(text: string): LedgerEntry {
  const [owner = "", note = ""] = text.split("\n");
  const known = (["making", "adopted", "made-folder"] as const).find((candidate) => candidate === note);
  return { owner, ...(known === undefined ? {} : { note: known }) };
}
