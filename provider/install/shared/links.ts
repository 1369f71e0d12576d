import { contains, parseAddress, parseCidr, parseCidr4, subnetOf } from "../../values/ip";
import { defaultMiimon, type Bond, type NetworkInterface } from "./network";

/** Interfaces that belong to a bond or a bridge: they have no addresses, name servers or routes of their own. */
export function membersOf({ bond, bridge }: NetworkInterface): readonly string[] {
  return bond?.interfaces ?? bridge?.interfaces ?? [];
}

/** What an interface is made from; it is made after them. */
export function basesOf(one: NetworkInterface): readonly string[] {
  return one.vlan === undefined ? membersOf(one) : [one.vlan.link];
}

export function isMember({ name }: NetworkInterface, interfaces: readonly NetworkInterface[]): boolean {
  return name !== undefined && interfaces.some((other) => other.name !== name && membersOf(other).includes(name));
}

export function isIpv4(address: string): boolean {
  return parseCidr4(address) !== undefined;
}

/** How an interface gets its addresses. */
export interface Addressing {
  readonly ipv4: "dhcp" | "static" | "none";
  /** Undefined: as the distribution does it. */
  readonly acceptRa: boolean | undefined;
  /** Whether it has none of any kind, other than the link-local one that the kernel gives it. */
  readonly isBare: boolean;
}

export function addressingOf(one: NetworkInterface, interfaces: readonly NetworkInterface[]): Addressing {
  if (isMember(one, interfaces)) return { ipv4: "none", acceptRa: false, isBare: true };
  const { addresses, dhcp4 = addresses.length === 0, acceptRa } = one;
  const ipv4 = addresses.some(isIpv4) ? "static" : dhcp4 ? "dhcp" : "none";
  const isBare = addresses.length === 0 && ipv4 === "none" && acceptRa !== true;
  return { ipv4, acceptRa: isBare ? false : acceptRa, isBare };
}

/** Whether the router lies in the subnet of none of the addresses: the system has to be given a route to it. */
export function isOnLinkOnly(router: string, addresses: readonly string[]): boolean {
  const address = parseAddress(router);
  if (address === undefined || router.toLowerCase().startsWith("fe80:")) return false;
  return !addresses.some((text) => {
    const cidr = parseCidr(text);
    return cidr !== undefined && contains(subnetOf(cidr), address);
  });
}

/** A bond's options except its mode, by the names that the kernel has for them; without those that all systems set alike. */
export function bondOptionsOf({ primary, miimon, lacpRate, transmitHashPolicy }: Bond) {
  const options = {
    primary,
    miimon: miimon === defaultMiimon ? undefined : String(miimon),
    lacp_rate: lacpRate,
    xmit_hash_policy: transmitHashPolicy,
  };
  return Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

/** Each interface after those that it needs; otherwise in the given order. */
export function inOrder(
  interfaces: readonly NetworkInterface[],
  needs: (one: NetworkInterface, base: NetworkInterface) => boolean,
): NetworkInterface[] {
  const visited = new Set<NetworkInterface>();
  const placed: NetworkInterface[] = [];
  const place = (one: NetworkInterface): void => {
    if (visited.has(one)) return;
    visited.add(one);
    interfaces.filter((base) => needs(one, base)).forEach(place);
    placed.push(one);
  };
  interfaces.forEach(place);
  return placed;
}

/** Whether an interface is made from another one. */
export function isMadeFrom(one: NetworkInterface, { name }: NetworkInterface): boolean {
  return name !== undefined && basesOf(one).includes(name);
}
