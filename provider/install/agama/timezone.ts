/** Of the names of UTC, Agama knows one. */
export function timezoneOf(timezone: string): string {
  return isUtc(timezone) ? "UTC" : timezone;
}

/** Beside UTC there are regions with their cities in Agama's list, and none of the zones' old names. */
export function isKnownZone(timezone: string): boolean {
  const isOld = !timezone.includes("/") || /^(Etc|US|Canada|Mexico|Brazil|Chile)\//.test(timezone);
  return isUtc(timezone) || !isOld;
}

function isUtc(timezone: string): boolean {
  return /^(Etc\/)?(UTC|UCT|Universal|Zulu)$/.test(timezone);
}
