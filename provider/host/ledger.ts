import { randomUUID } from "node:crypto";
import path from "node:path";
import type { Files } from "./files";

/** What can't carry a mark of its own; and networks, for the sake of their last change. */
export type LedgerKind = "volume" | "pool" | "network";

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
  /** What tells the last change from all others: a state without it doesn't know of that change. */
  readonly change?: string | undefined;
}

/**
 * Who made the things that libvirt keeps no metadata of. An entry is written before the thing is made and removed after
 * it is deleted, so that a create that was cut off is known as ours.
 */
export interface Ledger {
  /** Undefined when kvm-deploy didn't make it. */
  entry(kind: LedgerKind, name: string): Promise<LedgerEntry | undefined>;
  claim(kind: LedgerKind, name: string, entry: LedgerEntry): Promise<void>;
  /** Claims it for a change that begins. @returns the change, which no other is like */
  beginChange(kind: LedgerKind, name: string, owner: string): Promise<string>;
  release(kind: LedgerKind, name: string): Promise<void>;
  names(kind: LedgerKind): Promise<readonly string[]>;
}

export function fileLedger(folder: string, files: Files): Ledger {
  const fileOf = (kind: LedgerKind, name: string) => path.join(folder, `${kind}-${encodeURIComponent(name)}`);
  const claim: Ledger["claim"] = async (kind, name, { owner, note, change }) => {
    const lines = change === undefined ? [owner, note] : [owner, note ?? "", change];
    const text = lines.map((line) => (line === undefined ? "" : `${line}\n`)).join("");
    const write = async () => {
      await files.makeFolder(folder, 0o700);
      await files.write(fileOf(kind, name), text);
    };
    // Whoever releases the last entry removes the folder, which may be between these two.
    await write().catch(write);
  };
  return {
    entry: async (kind, name) => {
      const text = await files.readTextIfPresent(fileOf(kind, name));
      return text === undefined ? undefined : parseEntry(text);
    },
    claim,
    beginChange: async (kind, name, owner) => {
      const change = randomUUID();
      await claim(kind, name, { owner, change });
      return change;
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
  const [owner = "", note = "", change = ""] = text.split("\n");
  const known = (["making", "adopted", "made-folder"] as const).find((candidate) => candidate === note);
  return { owner, ...(known === undefined ? {} : { note: known }), ...(change === "" ? {} : { change }) };
}
