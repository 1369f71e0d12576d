import type { LedgerEntry } from "../host/ledger";
import { uuidOf } from "./mark";

/** The entry if it describes this very pool: another pool may have replaced it under the same name. */
export function entryOfPool(entry: LedgerEntry | undefined, uuid: string): LedgerEntry | undefined {
  if (entry === undefined || entry.isLegacy === true) return entry;
  return uuid === (entry.thing ?? uuidOf("pool", entry.identity)) ? entry : undefined;
}
