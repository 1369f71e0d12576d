import type { LedgerEntry } from "../host/ledger";
import { uuidOf } from "./mark";

/** The entry that is of this very pool: another one may have its name by now. */
export function entryOfPool(entry: LedgerEntry | undefined, uuid: string): LedgerEntry | undefined {
  if (entry === undefined || entry.isLegacy === true) return entry;
  return uuid === (entry.thing ?? uuidOf("pool", entry.identity)) ? entry : undefined;
}
