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

/** Identifies the very image, whatever its name: a file's inode and birth, else libvirt's key, such as an LV's UUID. */
export async function thingOf({ files }: Pick<LedgerHost, "files">, { volume, place }: Found): Promise<string> {
  return (await files.fingerprint(place.path)) ?? `key ${volumeKey.read(volume) ?? ""}`;
}

/** The ledger's entry if it describes this very image: another image may have replaced it under the same name. */
export async function entryOf(host: LedgerHost, found: Found): Promise<LedgerEntry | undefined> {
  const entry = await host.ledger.entry("volume", idOf(found));
  if (entry?.isLegacy === true) return entry.note === "making" ? undefined : entry;
  return entry?.thing !== undefined && entry.thing === (await thingOf(host, found)) ? entry : undefined;
}

/**
 * The image format of a volume: the one with which it was created, or the one that the program gives for a volume that
 * kvm-deploy did not create. The content does not count, because a guest with a raw disk can write any content.
 * @param said undefined if the program gives none @param property where it would give it
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
    throw new KvmError("invalid-input", `volume "${id}" was created as ${made}, not ${said}`, {
      property,
      remedy: `Write "${made}", or leave it out`,
    });
  const format = made ?? said;
  if (format !== undefined) return format;
  const taken = takenFor(found);
  if (unsaid.includes(taken)) return "raw";
  throw new KvmError("invalid-input", `volume "${id}" looks like ${taken ?? ""}, but kvm-deploy did not create it`, {
    property,
    remedy: `Give its format, "qcow2" or "raw": a guest can make a raw image look like qcow2`,
  });
}

/** A volume that is being created may be incomplete: it does not count as existing. */
export function beingMade(id: string, property: string): NotFound {
  return new NotFound(`volume "${id}" is being created: its content isn't complete`, {
    property,
    remedy: "Wait until the `pulumi up` that creates it has ended; if that was interrupted, run it again",
  });
}

/** Formats that libvirt reports for images without a format of their own. */
const unsaid: readonly (string | undefined)[] = [undefined, "raw", "iso", "unknown", "none"];

function takenFor({ volume }: Found): string | undefined {
  return volumeFormat.read(volume);
}

/**
 * Refuses a volume whose content looks like another format to libvirt. A guest can write such content to a raw image,
 * and libvirt would then open the files that the content names.
 * @throws KvmError if libvirt reports another format
 */
export function requireTakenAs(format: string, found: Found, property: string): void {
  const taken = takenFor(found);
  if (taken === format || (format === "raw" && unsaid.includes(taken))) return;
  throw new KvmError(
    "conflict",
    `libvirt takes volume "${idOf(found)}" for ${taken ?? "raw"} because of its content, but its format is ${format}`,
    {
      property,
      remedy: `Check what was written to the start of ${found.place.path}: while the content looks like that, kvm-deploy does nothing that would open the files that it names`,
    },
  );
}

function idOf({ place }: Found): string {
  return `${place.pool}/${place.name}`;
}
