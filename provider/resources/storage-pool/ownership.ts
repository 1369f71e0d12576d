import { requireAdoptable } from "../../adoption";
import { Conflict } from "../../errors";
import type { Element } from "../../format/xml";
import type { Context } from "../../handler";
import type { LedgerEntry } from "../../host/ledger";
import { definitionNamed } from "../../libvirt/look-up";
import { claimOf } from "../../ownership";
import { storagePoolPolicies } from "./policy";
import { readStoragePool, typeIn } from "./read";
import { type StoragePoolInputs, storagePoolInputs } from "./schema";

/** A pool that exists, and is the resource's own or becomes so by `adopt`. */
export interface Present {
  readonly uuid: string;
  /** Its inputs as they are on the host. */
  readonly seen: StoragePoolInputs;
  readonly entry: LedgerEntry;
  /** Whether it was there before: then nothing on it is changed. */
  readonly isAdopted: boolean;
}

/** @throws Conflict when there is one of that name which isn't ours and may not be, or can't be, taken over */
export async function findPresent(inputs: StoragePoolInputs, context: Context): Promise<Present | undefined> {
  const { libvirt, ledger } = context.host(inputs.connection);
  const found = await definitionNamed(libvirt, "pool", inputs.name);
  if (found === undefined) return undefined;
  const { uuid, root } = found;
  const marked = await ledger.entry("pool", inputs.name);
  const claim = claimOf(marked?.owner, `a storage pool named "${inputs.name}"`, {
    urn: context.urn,
    adopt: inputs.adopt,
  });
  const entry = { owner: context.urn, note: marked === undefined ? ("adopted" as const) : marked.note };
  const seen = readStoragePool(root, inputs, await libvirt.hasAutostart("pool", uuid));
  const isAdopted = claim === "adopted" || entry.note === "adopted";
  if (isAdopted) requireSame(root, seen, inputs);
  return { uuid, seen, entry, isAdopted };
}

function requireSame(pool: Element, seen: StoragePoolInputs, inputs: StoragePoolInputs): void {
  const what = `storage pool "${inputs.name}"`;
  if (typeIn(pool) === undefined) {
    throw new Conflict(`${what} is of the kind "${pool.attributes["type"] ?? ""}", which a StoragePool can't be`, {
      property: "adopt",
      remedy: "Leave the StoragePool out, and name the pool in the volumes",
    });
  }
  requireAdoptable(what, { schema: storagePoolInputs, policies: storagePoolPolicies }, seen, inputs);
}
