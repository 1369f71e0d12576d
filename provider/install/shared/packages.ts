import type { SystemOptions } from "./system";

/** The packages that the options need on the new system. @param timeService what keeps its time by NTP */
export function neededPackages({ users, ntp }: SystemOptions, timeService: string): readonly string[] {
  const sudo = users.some((user) => user.sudo !== false) ? ["sudo"] : [];
  return [...sudo, ...(Array.isArray(ntp) ? [timeService] : [])];
}
