import type { Element } from "../../format/xml";
import type { LedgerEntry } from "../../host/ledger";
import { definitionNamed } from "../../libvirt/look-up";
import { uuidOf } from "../../libvirt/mark";
import { entryOfPool } from "../../libvirt/pools";
import { requireAdoptable } from "../../resource/adoption";
import { changesBetween } from "../../resource/diff";
import type { Context } from "../../resource/handler";
import { claimOf, notInLedger } from "../../resource/ownership";
import { isUsed, refuseOther, type SharedClaim, sharedClaim } from "../../resource/sharing";
import { Conflict } from "../../values/errors";
import { isAmongOwners, withOwner } from "../../values/sharing";
import { powerOf } from "./observe";
import { readStoragePool, typeIn } from "./places";
import { storagePoolPolicies } from "./policy";
import { type StoragePoolInputs, storagePoolInputs } from "./schema";

/** An existing pool that belongs to the resource, or is adopted by it. */
export interface Existing {
  readonly uuid: string;
  /** Its actual inputs. */
  readonly actual: StoragePoolInputs;
  readonly entry: LedgerEntry;
  /** Nothing is changed on a pool that is adopted or used. */
  readonly claim: SharedClaim | "adopted";
}

/** @throws Conflict if a pool of that name has another owner and can't be adopted */
export async function findExisting(inputs: StoragePoolInputs, context: Context): Promise<Existing | undefined> {
  const { libvirt, ledger } = context.host(inputs.connection);
  const found = await definitionNamed(libvirt, "pool", inputs.name);
  if (found === undefined) return undefined;
  const { uuid, root } = found;
  const marked = entryOfPool(await ledger.entry("pool", inputs.name), uuid);
  const { urn, identity } = context;
  const what = `a storage pool named "${inputs.name}"`;
  const claim =
    sharedClaim(marked, what, { ...inputs, identity }) ?? claimOf(marked, what, { ...context, adopt: inputs.adopt });
  const note = claim === "adopted" ? ("adopted" as const) : marked?.note;
  const owners = claim === "adopted" ? undefined : marked;
  const entry = { ...withOwner(owners, { owner: urn, identity }, inputs.shared), thing: uuid, note };
  const actual = readStoragePool(root, inputs, await powerOf(libvirt, uuid));
  if (claim === "used") return { uuid, actual, entry, claim };
  if (note === "adopted") requireSame(root, actual, inputs);
  if (claim === "joined" && marked !== undefined)
    refuseOther(`storage pool "${inputs.name}"`, marked, differing(actual, inputs));
  return { uuid, actual, entry, claim: note === "adopted" ? "adopted" : claim };
}

function differing(actual: StoragePoolInputs, inputs: StoragePoolInputs): string[] {
  return changesBetween(storagePoolInputs, storagePoolPolicies, { ...actual }, inputs).map(({ path }) => path);
}

/**
 * The owner of the pool of a state. `isUsed`: it is a pool of others that the resource only uses.
 * @throws KvmError if the pool exists, but the ledger has no record of the creation that the state mentions
 */
export async function ownershipOf(
  uuid: string,
  inputs: StoragePoolInputs,
  { host, identity }: Context,
): Promise<{ readonly owner: LedgerEntry | undefined; readonly isOwn: boolean; readonly isUsed?: true }> {
  const { libvirt, ledger } = host(inputs.connection);
  const owner = entryOfPool(await ledger.entry("pool", inputs.name), uuid);
  const isMade = uuid === uuidOf("pool", identity);
  if (isUsed(owner, inputs) && !isMade) return { owner, isOwn: false, isUsed: true };
  if (owner !== undefined || isMade) return { owner, isOwn: owner === undefined || isAmongOwners(owner, identity) };
  if (!(await libvirt.exists("pool", uuid))) return { owner, isOwn: true };
  throw notInLedger(`storage pool "${inputs.name}"`, ledger.fileOf("pool", inputs.name));
}

function requireSame(pool: Element, actual: StoragePoolInputs, inputs: StoragePoolInputs): void {
  const what = `storage pool "${inputs.name}"`;
  if (typeIn(pool) === undefined) {
    throw new Conflict(
      `${what} is of the kind "${pool.attributes["type"] ?? ""}", which StoragePool does not support`,
      {
        property: "adopt",
        remedy: "Remove the StoragePool, and name the pool in the volumes",
      },
    );
  }
  requireAdoptable(what, { schema: storagePoolInputs, policies: storagePoolPolicies }, actual, inputs);
}
