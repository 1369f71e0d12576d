import { createHash } from "node:crypto";
import type { MachineNic } from "../schema/machine";
import { nthOfPlug, plugOf } from "./nic";

/** A NIC by what it is plugged into. */
type Plugged = Pick<MachineNic, "network" | "bridge" | "device" | "mac">;

/** The NICs of the last deployment, and their MAC addresses in the same order. */
export interface KnownNics {
  readonly nics: readonly Plugged[];
  readonly macAddresses: readonly string[];
}

const none: KnownNics = { nics: [], macAddresses: [] };

/**
 * One MAC address for each NIC: the one given, else the one that it has, else one that follows from the resource, and so
 * is the same for a create that was cut off.
 */
export function macsOf({ nics }: { readonly nics: readonly Plugged[] }, identity: string, last = none): string[] {
  const known = nics.map((nic, index) => nic.mac ?? macIn(last, nic, nthUnnamed(nics, index)));
  const used = new Set(known);
  return nics.map((nic, index) => {
    const mac = known[index] ?? freeMac(identity, plugOf(nic), nthOfPlug(nics, index), used);
    used.add(mac);
    return mac;
  });
}

/** Its place among those that are plugged into the same and have no MAC address given. */
function nthUnnamed(nics: readonly Plugged[], index: number): number {
  return nics.slice(0, index).filter((nic) => nic.mac === undefined && plugOf(nic) === plugOf(nics[index] ?? {}))
    .length;
}

function macIn({ nics, macAddresses }: KnownNics, wanted: Plugged, nth: number): string | undefined {
  const isAlike = (nic: Plugged) => nic.mac === undefined && plugOf(nic) === plugOf(wanted);
  const index = nics.flatMap((nic, place) => (isAlike(nic) ? [place] : []))[nth];
  return index === undefined ? undefined : macAddresses[index];
}

/** Of equal NICs, each has the next one: those of the others are left alone. */
function freeMac(identity: string, plug: string, first: number, used: ReadonlySet<string | undefined>): string {
  for (let nth = first; ; nth += 1) {
    const mac = derivedMac(identity, plug, nth);
    if (!used.has(mac)) return mac;
  }
}

/** Within the range of addresses that QEMU's guests use. */
function derivedMac(identity: string, plug: string, nth: number): string {
  const hex = digest("mac", identity, plug, String(nth));
  return `52:54:00:${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4, 6)}`;
}

function digest(...parts: string[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("hex");
}
