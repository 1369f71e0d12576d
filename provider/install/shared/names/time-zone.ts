import { own } from "../../../values/keys";
import { oldTimeZones, timeZones } from "./lists.gen";
import { unknownName } from "./unknown";

const known: ReadonlySet<string> = new Set(timeZones);

export function isTimeZone(text: string): boolean {
  return known.has(text) || own(oldTimeZones, text) !== undefined;
}

/** The name by which today's systems know the zone: some of them don't have the old names any more. */
export function timeZoneOf(text: string): string {
  return own(oldTimeZones, text) ?? text;
}

export function unknownTimeZone(text: string): string {
  return unknownName(text, "a time zone", timeZones, 'like "Etc/UTC" or "Europe/Berlin"');
}
