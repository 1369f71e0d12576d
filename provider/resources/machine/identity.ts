import { createHash } from "node:crypto";
import type { MachineNic } from "./schema";
import { nthOfPlug, plugOf } from "./xml/nic";

type Plugged = Pick<MachineNic, "network" | "bridge" | "device" | "mac">;

/** The same for the same resource on the same host, so that a create that was cut off finds its machine again. */
export function uuidOf(connection: string, urn: string): string {
  const hex = digest("uuid", connection, urn);
  // The digits that RFC 9562 gives a UUID made from a name (version 8, variant 10).
  const bytes = `${hex.slice(0, 12)}8${hex.slice(13, 16)}a${hex.slice(17, 32)}`;
  return bytes.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** One MAC address for each NIC: the one given, else one that stays the same when other NICs come and go. */
export function macsOf({ nics }: { readonly nics: readonly Plugged[] }, urn: string): string[] {
  return nics.map((nic, index) => nic.mac ?? derivedMac(urn, plugOf(nic), nthOfPlug(nics, index)));
}

/** Within the range of addresses that QEMU's guests use. */
function derivedMac(urn: string, plug: string, nth: number): string {
  const hex = digest("mac", urn, plug, String(nth));
  return `52:54:00:${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4, 6)}`;
}

function digest(...parts: string[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("hex");
}
