import { timeZoneOf } from "../shared/names/time-zone";

/** Of the names of UTC, Agama knows one. */
export function timezoneOf(timezone: string): string {
  const zone = timeZoneOf(timezone);
  return /^(Etc\/)?(UTC|UCT|Universal|Zulu)$/.test(zone) ? "UTC" : zone;
}

/** Beside UTC there are regions with their cities in Agama's list, and neither distances from UTC nor zones without a city. */
export function isKnownZone(timezone: string): boolean {
  const zone = timezoneOf(timezone);
  return zone === "UTC" || (zone.includes("/") && !zone.startsWith("Etc/"));
}
