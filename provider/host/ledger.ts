import path from "node:path";
import type { Files } from "./files";

/** What can't carry a mark of its own. */
export type LedgerKind = "volume" | "pool";

/**
 * Who made the things that libvirt keeps no metadata of. An entry is written before the thing is made and removed after
 * it is deleted, so that a create that was cut off is known as ours.
 */
export interface Ledger {
  /** URN of the owner; undefined when kvm-deploy didn't make it. */
  owner(kind: LedgerKind, name: string): Promise<string | undefined>;
  claim(kind: LedgerKind, name: string, urn: string): Promise<void>;
  release(kind: LedgerKind, name: string): Promise<void>;
}

export function fileLedger(folder: string, files: Files): Ledger {
  const fileOf = (kind: LedgerKind, name: string) => path.join(folder, `${kind}-${encodeURIComponent(name)}`);
  return {
    owner: async (kind, name) => (await files.readTextIfPresent(fileOf(kind, name)))?.trim(),
    claim: async (kind, name, urn) => {
      await files.makeFolder(folder, 0o700);
      await files.write(fileOf(kind, name), `${urn}\n`);
    },
    release: async (kind, name) => {
      await files.remove(fileOf(kind, name));
      await files.removeEmptyFolder(folder);
    },
  };
}
