import path from "node:path";
import type { FamilyId } from "../install/index";
import { KvmError } from "../values/errors";
import { own } from "../values/keys";
import { type Catalogue, completePlace, placesOf } from "./catalogue";
import { literal } from "./checksums";
import { choices } from "../values/nearest";

/** A key and the URLs of its copies; it is trusted only by its fingerprint. */
export interface SigningKey {
  readonly fingerprint: string;
  readonly urls: readonly string[];
}

/** A medium of a release, such as the DVD of Debian 13. */
export interface Medium {
  readonly family: FamilyId;
  /** The directories that may have it, in the order in which they are tried. */
  readonly folders: readonly string[];
  /** Its file below a directory, with `*` for the part that differs between images of the release. */
  readonly iso: string;
  /** The list of sums, below a directory or by its URL; with `*` too. */
  readonly sums: string;
  /** Undefined if the list of sums itself is a signed message. */
  readonly signature?: string | undefined;
  readonly keys: readonly SigningKey[];
  /** The number of a point release. The image has it in its name. */
  readonly point?: string | undefined;
  /** The date after which the release gets no updates. */
  readonly endOfLife?: string | undefined;
}

/** The medium of a name such as `debian:13`, `debian:latest`, `debian:13.6` or `debian:13/dvd`. @throws KvmError with the existing names */
export function mediumOf(name: string, catalogue: Catalogue): Medium {
  const { release, point, place, endOfLife, ended } = entryOf(name, catalogue);
  if (ended !== undefined) throw hasEnded(name, ended);
  const fill = filler(release, point ?? release);
  const { family, folder, iso, sums, signature, keys, archives = [] } = place;
  const folders = point === undefined ? [folder, ...archives.filter((other) => !isOfPoints(other))] : archives;
  return {
    family,
    folders: folders.map(fill),
    iso: fill(iso),
    sums: fill(sums),
    signature: signature === undefined ? undefined : fill(signature),
    keys: keys.map((id) => signingKey(id, catalogue)),
    point,
    endOfLife,
  };
}

/**
 * The other places of an image that a name once meant: distributions move the images of earlier point releases.
 * @throws KvmError if the catalogue no longer has the name
 */
export function otherPlacesOf(name: string, url: string, catalogue: Catalogue): string[] {
  const { release, place } = entryOf(name, catalogue);
  const file = path.posix.join(path.posix.dirname(place.iso), path.posix.basename(url));
  const fill = filler(release, numberIn(file, release));
  return [place.folder, ...(place.archives ?? [])]
    .map((folder) => new URL(fill(file), fill(folder)).href)
    .filter((other) => other !== url);
}

/** The name of the point release that an image is of; undefined if the release has no names of point releases. */
export function pointIn(url: string, name: string, catalogue: Catalogue): string | undefined {
  const { release, place, point } = entryOf(name, catalogue);
  if (point !== undefined || !(place.archives ?? []).some(isOfPoints)) return undefined;
  const number = numberIn(path.posix.basename(url), release);
  return number === release ? undefined : name.replace(/:[^/]*/, `:${number}`);
}

/** `13.6` in `debian-13.6.0-amd64-netinst.iso`, which is of the release `13`; without such a number, the release itself. */
function numberIn(file: string, release: string): string {
  return new RegExp(String.raw`(?<![\d.])${literal(release)}(\.\d+)?`).exec(file)?.[0] ?? release;
}

/** Each medium that a catalogue has, by its name; point releases are not listed in it. */
export function namesIn({ distributions }: Catalogue): string[] {
  return Object.entries(distributions).flatMap(([distribution, known]) =>
    Object.entries(known.releases).flatMap(([version, release]) =>
      [...placesOf(known, release).keys()].map((medium) =>
        medium === undefined ? `${distribution}:${version}` : `${distribution}:${version}/${medium}`,
      ),
    ),
  );
}

/** What a catalogue says of a name. */
interface Entry {
  /** Such as `13`. */
  readonly release: string;
  /** Such as `13.6`. */
  readonly point: string | undefined;
  readonly place: ReturnType<typeof completePlace.parse>;
  readonly ended: string | undefined;
  readonly endOfLife: string | undefined;
}

function entryOf(name: string, { distributions }: Catalogue): Entry {
  const [, distribution = "", version = "", medium] = /^([^:]*):?([^/]*)(?:\/(.*))?$/.exec(name) ?? [];
  const known = own(distributions, distribution);
  if (known === undefined) throw unknown(name, choices("distributions", distribution, Object.keys(distributions)));
  const wanted = version === "latest" ? known.latest : version;
  const release = own(known.releases, wanted) === undefined ? releaseOfPoint(wanted, known) : wanted;
  const found = release === undefined ? undefined : own(known.releases, release);
  if (release === undefined || found === undefined)
    throw unknown(name, choices(`releases of ${distribution}`, version, [...Object.keys(known.releases), "latest"]));
  const places = placesOf(known, found);
  const place = places.get(medium);
  if (place === undefined)
    throw unknown(name, choices(`media of ${distribution}:${version}`, medium ?? "", namesOf(places)));
  const { ended, endOfLife } = found;
  const point = release === wanted ? undefined : wanted;
  return { release, point, place: completePlace.parse(place), ended, endOfLife };
}

function namesOf(places: ReturnType<typeof placesOf>): string[] {
  return [...places.keys()].filter((name) => name !== undefined);
}

/** The release of a point release: `13.6` is one of `13`, whose archives have a directory for each. */
function releaseOfPoint(version: string, { releases, archives }: Catalogue["distributions"][string]) {
  const release = version.replace(/\.\d+$/, "");
  const places = own(releases, release)?.archives ?? archives ?? [];
  return release !== version && places.some(isOfPoints) ? release : undefined;
}

function isOfPoints(folder: string): boolean {
  return folder.includes("{version}");
}

function filler(release: string, version: string) {
  return (text: string) => text.replaceAll("{release}", release).replaceAll("{version}", version);
}

function signingKey(id: string, { keys }: Catalogue): SigningKey {
  const key = own(keys, id);
  if (key !== undefined) return { fingerprint: key.fingerprint, urls: [key.url].flat() };
  throw new KvmError("not-found", `the catalogue has no key "${id}"; ${choices("keys", id, Object.keys(keys))}`, {
    property: "catalogue",
  });
}

function unknown(name: string, what: string): KvmError {
  return new KvmError("not-found", `the catalogue has no "${name}"; ${what}`, {
    property: "source",
    remedy: "Name one of those, add it to a `catalogue` of your own, or give `url` and `sha256`",
  });
}

function hasEnded(name: string, why: string): KvmError {
  return new KvmError("unsupported", `${name} has ended: ${why}`, {
    property: "source",
    remedy: "Take a later release; for an archive of your own that has all of it, give `url` and `sha256`",
  });
}
