import path from "node:path";
import type { LedgerEntry } from "../../host/ledger";
import { beingMade, entryOf, thingOf } from "../../libvirt/images";
import { driversOf } from "../../libvirt/users";
import { requireAdoptable } from "../../resource/adoption";
import type { Context } from "../../resource/handler";
import type { Host } from "../../resource/host";
import { claimOf, notInLedger, notOursAnyMore } from "../../resource/ownership";
import { Conflict } from "../../values/errors";
import { findBacking, type Found, idOf } from "./observe";
import { formatIn, readVolume } from "./places";
import { volumePolicies } from "./policy";
import { type VolumeInputs, volumeInputs } from "./schema";
import { isSmaller } from "./size";

/** An existing volume that belongs to the resource, or is adopted by it. */
export interface Existing extends Found {
  /** Its actual inputs. */
  readonly actual: VolumeInputs;
  readonly note: LedgerEntry["note"];
}

/** @throws Conflict if a volume of that name has another owner and can't be adopted */
export async function existingOf(
  host: Host,
  found: Found | undefined,
  inputs: VolumeInputs,
  { urn, identity }: Pick<Context, "urn" | "identity">,
): Promise<Existing | undefined> {
  if (found === undefined) return undefined;
  const marked = await entryOf(host, found);
  const what = `a volume "${inputs.name}" in pool "${inputs.pool}"`;
  const claim = claimOf(marked, what, { urn, identity, adopt: inputs.adopt });
  const actual = readVolume(found.volume, inputs, await findBacking(host, inputs));
  if (claim === "own") return { ...found, actual: actual, note: marked?.note };
  const noted = await host.ledger.entry("volume", idOf(inputs));
  if (noted?.note === "making") throw beingMade(idOf(inputs), "adopt");
  await requireSame(host, found, actual, inputs);
  return { ...found, actual: actual, note: "adopted" };
}

/** @throws Conflict if it differs from the inputs */
async function requireSame(host: Host, found: Found, actual: VolumeInputs, inputs: VolumeInputs): Promise<void> {
  const what = `volume "${idOf(inputs)}"`;
  const compared = inputs.format === "raw" ? actual : { ...actual, format: formatIn(found.volume) };
  requireAdoptable(what, { schema: volumeInputs, policies: volumePolicies }, compared, inputs);
  const others = (await driversOf(host.libvirt, found.place)).filter(({ format }) => format !== inputs.format);
  const [other] = others;
  if (other !== undefined) {
    throw new Conflict(`${what} is a disk of machine "${other.machine}" as ${other.format}, not ${inputs.format}`, {
      property: "format",
      remedy: "Write the format of the machine's disk",
    });
  }
  requireSize(actual, inputs);
}

function requireSize(actual: VolumeInputs, desired: VolumeInputs): void {
  if (!isSmaller(actual, desired)) return;
  throw new Conflict(
    `volume "${idOf(desired)}" has ${actual.size ?? ""} already, which is more than ${desired.size ?? ""}`,
    {
      property: "size",
      remedy: "Write at least its current size: it can't shrink without data loss",
    },
  );
}

/**
 * Records in the ledger that the image belongs to the resource.
 * @param note undefined if its content is complete, and the resource created it
 */
export async function claimVolume(
  host: Host,
  found: Found,
  inputs: VolumeInputs,
  { urn: owner, identity }: Pick<Context, "urn" | "identity">,
  note?: LedgerEntry["note"],
): Promise<void> {
  const [thing, folder] = await Promise.all([
    thingOf(host, found),
    host.files.fingerprint(path.dirname(found.place.path)),
  ]);
  await host.ledger.claim("volume", idOf(inputs), { owner, identity, note, thing, format: inputs.format, folder });
}

/**
 * The owner of the volume of a state.
 * - `own`: it is the one that the resource created or adopted
 * - `other`: another volume has its name, or another resource has adopted it
 * - `unknown`: the ledger has no record of it
 */
export async function holderOf(
  host: Host,
  found: Found,
  { identity }: Pick<Context, "identity">,
): Promise<{ readonly whose: "own" | "other" | "unknown"; readonly entry: LedgerEntry | undefined }> {
  const entry = await entryOf(host, found);
  if (entry !== undefined) return { whose: entry.identity === identity ? "own" : "other", entry };
  const noted = await host.ledger.entry("volume", idOf(found.place));
  return { whose: noted === undefined ? "unknown" : "other", entry: undefined };
}

/** @throws KvmError if it isn't the resource's */
export async function requireOwn(host: Host, found: Found, context: Pick<Context, "identity">): Promise<LedgerEntry> {
  const what = `volume "${idOf(found.place)}"`;
  const { whose, entry } = await holderOf(host, found, context);
  if (whose === "own" && entry !== undefined) return entry;
  throw whose === "unknown" ? unknownVolume(host, found) : notOursAnyMore(what, entry);
}

export function unknownVolume({ ledger }: Host, { place }: Found): Error {
  return notInLedger(`volume "${idOf(place)}"`, ledger.fileOf("volume", idOf(place)));
}
