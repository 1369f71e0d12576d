import { childrenOf, type Element } from "../format/xml";
import { type Cidr, type Family, formatSubnet, parseAddress, parseCidr } from "../values/ip";

/** A network's `<ip>` of one family. */
export interface NetworkIp {
  readonly element: Element;
  /** Its place among all, by which net-update finds it. */
  readonly index: number;
}

/** @param subnet of several, which one is meant; without one, or where none has it, the first */
export function networkIp(network: Element | undefined, family: Family, subnet?: string): NetworkIp | undefined {
  const ofFamily = childrenOf(network, "ip").flatMap((element, index) =>
    isOfFamily(element, family) ? [{ element, index }] : [],
  );
  return ofFamily.find(({ element }) => isOfSubnet(element, subnet)) ?? ofFamily[0];
}

export function isOfSubnet(ip: Element, subnet: string | undefined): boolean {
  const cidr = cidrOf(ip);
  return cidr !== undefined && formatSubnet(cidr) === subnet;
}

/** The host's address with the prefix length, which older definitions write as a netmask, or leave out. */
export function cidrOf({ attributes }: Element): Cidr | undefined {
  const {
    address = "",
    netmask,
    prefix = netmask === undefined ? defaultPrefixOf(address) : prefixOf(netmask),
  } = attributes;
  return parseCidr(`${address}/${prefix}`);
}

/** What libvirt takes: that of the address's class, as before there were prefixes. */
function defaultPrefixOf(address: string): string {
  const parsed = parseAddress(address);
  if (parsed === undefined || parsed.value === 0n) return "0";
  if (parsed.family === 6) return "64";
  const first = Number(parsed.value >> 24n);
  if (first < 128) return "8";
  return first < 192 ? "16" : "24";
}

export function isOfFamily({ attributes }: Element, family: Family): boolean {
  return (attributes["family"] === "ipv6") === (family === 6);
}

function prefixOf(netmask: string): string {
  const bits = parseAddress(netmask)?.value.toString(2) ?? "";
  return String(bits.replaceAll("0", "").length);
}
