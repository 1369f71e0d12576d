import { isLocatedList, type Located, locatedList, pathUnder } from "../../format/yaml/located";
import { choices } from "../../values/nearest";
import { parseSize } from "../../values/units";
import { assumed, type Expansion, isMap, mapOf, moved, type Place, under, withParts } from "./place";

/** The name of the disk that `disk` describes. */
export const rootDisk = "root";

/** The inputs of a Volume; those of a machine's disk are all others. */
export const volumeKeys = [
  "name",
  "adopt",
  "deleteAdopted",
  "pool",
  "format",
  "size",
  "preallocate",
  "source",
  "backing",
] as const;

/** The inputs of a machine's disk that says what it is. */
export const existingKeys = ["volume", "file"] as const;

/** The other inputs of a machine's disk; its `format` is that of the volume here. */
export const diskKeys = [
  "bus",
  "cache",
  "io",
  "discard",
  "detectZeroes",
  "serial",
  "readOnly",
  "bootOrder",
  "iotune",
] as const;

export interface Disks {
  /** The machine's `disks`. */
  readonly disks: Located;
  /** The volumes by their keys. */
  readonly volumes: ReadonlyMap<string, Located>;
}

/** The disks of a machine by their names: each is a size, a volume, or a map. */
export function disksOf(
  machine: string,
  disks: Place,
  common: Readonly<Record<string, Located | undefined>>,
  expansion: Expansion,
): Disks {
  const volumes = new Map<string, Located>();
  const items = [...disks.node.children.keys()].map((name) => {
    const place = under(disks, name) ?? disks;
    if (isReference(place)) return mapOf({ volume: moved(place) }, place.node.at);
    if (isMap(place) && existingKeys.some((key) => under(place, key) !== undefined)) return moved(place);
    const key = `${machine}-${name}`;
    volumes.set(key, volumeOf(place, common, expansion));
    const reference = { ...assumed(key, place), origin: { path: place.path, reason: `follows from ${place.path}` } };
    return mapOf({ volume: reference, ...partsOf(place, (part) => isOneOf(diskKeys, part)) }, place.node.at);
  });
  return { disks: { ...locatedList(items, disks.node.at), origin: { path: disks.path } }, volumes };
}

/** A text that is no size is a key of `volumes`, or `POOL/VOLUME`. */
function isReference({ node: { value } }: Place): boolean {
  return typeof value === "string" && /^[A-Za-z/]/.test(value) && parseSize(value) === undefined;
}

function volumeOf(place: Place, common: Readonly<Record<string, Located | undefined>>, { report }: Expansion): Located {
  const pool = assumed("default", place);
  const origin = { path: place.path };
  if (!isMap(place)) return { ...mapOf({ ...common, pool, size: moved(place) }, place.node.at), origin };
  for (const [part, { keyAt }] of place.node.children) {
    const known = [...existingKeys, ...volumeKeys, ...diskKeys];
    if (!isOneOf(known, part))
      report({
        path: pathUnder(place.path, part),
        at: keyAt,
        message: `there is no such key; ${choices("allowed here", part, known)}`,
      });
  }
  const own = { ...mapOf({ ...common, pool }, place.node.at), origin };
  return withParts(
    own,
    partsOf(place, (part) => isOneOf(volumeKeys, part)),
  );
}

function partsOf(place: Place, isPart: (key: string) => boolean): Record<string, Located> {
  if (!isMap(place)) return {};
  const keys = [...place.node.children.keys()].filter(isPart);
  return Object.fromEntries(keys.map((key) => [key, moved(under(place, key) ?? place)]));
}

function isOneOf(keys: readonly string[], key: string): boolean {
  return keys.includes(key);
}

/** Whether `disks` is a list, as a Machine has it. */
export function isWritten({ node }: Place): boolean {
  return isLocatedList(node);
}
