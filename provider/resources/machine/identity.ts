import { createHash } from "node:crypto";
import type { MachineInputs } from "./schema";

/** The same for the same resource on the same host, so that a create that was cut off finds its machine again. */
export function uuidOf(connection: string, urn: string): string {
  const hex = digest("uuid", connection, urn);
  // The digits that RFC 9562 gives a UUID made from a name (version 8, variant 10).
  const bytes = `${hex.slice(0, 12)}8${hex.slice(13, 16)}a${hex.slice(17, 32)}`;
  return bytes.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** One MAC address for each NIC: the one given, else one that stays the same when other NICs come and go. */
export function macsOf({ nics }: Pick<MachineInputs, "nics">, urn: string): string[] {
  return nics.map(({ network, mac }, index) => {
    const nth = nics.slice(0, index).filter((other) => other.network === network).length;
    return mac ?? derivedMac(urn, network, nth);
  });
}

/** Within the range of addresses that QEMU's guests use. */
function derivedMac(urn: string, network: string, nth: number): string {
  const hex = digest("mac", urn, network, String(nth));
  return `52:54:00:${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4, 6)}`;
}

function digest(...parts: string[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("hex");
}
