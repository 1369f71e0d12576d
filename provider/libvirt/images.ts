import type { Element } from "../format/xml";
import type { Files } from "../host/files";
import type { Ledger, LedgerEntry } from "../host/ledger";
import { KvmError, NotFound } from "../values/errors";
import { volumeFormat, volumeKey } from "./storage";
import type { VolumePlace } from "./users";

/** A volume on the host. */
export interface Found {
  readonly volume: Element;
  readonly place: VolumePlace;
}

interface LedgerHost {
  readonly files: Files;
  readonly ledger: Ledger;
}

/** What the very image is known by, whatever its name: a file's inode and birth, else libvirt's key, such as an LV's UUID. */
export async function thingOf({ files }: Pick<LedgerHost, "files">, { volume, place }: Found): Promise<string> {
  return (await files.fingerprint(place.path)) ?? `key ${volumeKey.read(volume) ?? ""}`;
}

/** The ledger's entry when it is of this very image: another one may have its name by now. */
export async function entryOf(host: LedgerHost, found: Found): Promise<LedgerEntry | undefined> {
  const entry = await host.ledger.entry("volume", idOf(found));
  if (entry?.isLegacy === true) return entry.note === "making" ? undefined : entry;
  return entry?.thing !== undefined && entry.thing === (await thingOf(host, found)) ? entry : undefined;
}

/**
 * The image format of a volume: what it was made as, or what the program says of one that others made. What its content
 * looks like counts for nothing, for a guest that has it as a raw disk decides that.
 * @param said undefined where the program says nothing @param property where it would say it
 */
export async function formatOf(
  host: LedgerHost,
  found: Found,
  said: string | undefined,
  property: string,
): Promise<string> {
  const id = idOf(found);
  if ((await host.ledger.entry("volume", id))?.note === "making") throw beingMade(id, property);
  const made = (await entryOf(host, found))?.format;
  if (made !== undefined && said !== undefined && made !== said)
    throw new KvmError("invalid-input", `volume "${id}" was made as ${made}, not ${said}`, {
      property,
      remedy: `Write "${made}", or leave it out`,
    });
  const format = made ?? said;
  if (format !== undefined) return format;
  const taken = takenFor(found);
  if (unsaid.includes(taken)) return "raw";
  throw new KvmError("invalid-input", `volume "${id}" looks like ${taken ?? ""}, but kvm-deploy did not make it`, {
    property,
    remedy: `Say what it is, "qcow2" or "raw": what an image looks like may be a guest's doing`,
  });
}

/** Half of it may be missing: it isn't there yet. */
export function beingMade(id: string, property: string): NotFound {
  return new NotFound(`volume "${id}" is being made: its content isn't complete`, {
    property,
    remedy: "Wait until the `pulumi up` that makes it has ended; if that was cut off, run it again",
  });
}

/** Formats that libvirt tells of images which say nothing of themselves. */
const unsaid: readonly (string | undefined)[] = [undefined, "raw", "iso", "unknown", "none"];

function takenFor({ volume }: Found): string | undefined {
  return volumeFormat.read(volume);
}

/**
 * libvirt takes an image for what its content looks like, which a guest decides that writes to a raw one: whoever then works
 * with it by libvirt would have it open the files that the content names.
 * @throws KvmError when it takes it for another format than it is
 */
export function requireTakenAs(format: string, found: Found, property: string): void {
  const taken = takenFor(found);
  if (taken === format || (format === "raw" && unsaid.includes(taken))) return;
  throw new KvmError(
    "conflict",
    `libvirt takes volume "${idOf(found)}" for ${taken ?? "raw"}, by what its content looks like, but it is ${format}`,
    {
      property,
      remedy: `Look at what was written to the begin of ${found.place.path}: as long as it looks like that, nothing is done with it that would open what it names`,
    },
  );
}

function idOf({ place }: Found): string {
  return `${place.pool}/${place.name}`;
}
