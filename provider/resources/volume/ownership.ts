import { requireAdoptable } from "../../adoption";
import { Conflict } from "../../errors";
import type { Context } from "../../handler";
import type { Host } from "../../host/index";
import type { LedgerEntry } from "../../host/ledger";
import { claimOf } from "../../ownership";
import { findBacking, type Found, idOf } from "./places";
import { isSmaller } from "./plan";
import { volumePolicies } from "./policy";
import { readVolume } from "./read";
import { type VolumeInputs, volumeInputs } from "./schema";

/** A volume that exists, and is the resource's own or becomes so by `adopt`. */
export interface Present extends Found {
  /** Its inputs as they are on the host. */
  readonly seen: VolumeInputs;
  readonly entry: LedgerEntry;
}

/** @throws Conflict when there is one of that name which isn't ours and may not be, or can't be, taken over */
export async function presentOf(
  host: Host,
  found: Found | undefined,
  inputs: VolumeInputs,
  { urn, identity }: Context,
): Promise<Present | undefined> {
  if (found === undefined) return undefined;
  const marked = await host.ledger.entry("volume", idOf(inputs));
  const what = `a volume "${inputs.name}" in pool "${inputs.pool}"`;
  const claim = claimOf(marked, what, { urn, identity, adopt: inputs.adopt });
  const seen = readVolume(found.volume, inputs, await findBacking(host, inputs));
  if (claim === "adopted") {
    const definition = { schema: volumeInputs, policies: volumePolicies };
    requireAdoptable(`volume "${idOf(inputs)}"`, definition, seen, inputs);
    requireSize(seen, inputs);
  }
  return { ...found, seen, entry: { owner: urn, identity, note: marked?.note } };
}

function requireSize(seen: VolumeInputs, wanted: VolumeInputs): void {
  if (!isSmaller(seen, wanted)) return;
  throw new Conflict(`volume "${idOf(wanted)}" has ${seen.size ?? ""} already, more than ${wanted.size ?? ""}`, {
    property: "size",
    remedy: "Write at least what it has: it can't shrink without loss",
  });
}
