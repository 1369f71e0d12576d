import { childrenOf, type Element } from "../format/xml";
import { type Cidr, type Family, parseAddress, parseCidr } from "../ip";

/** A network's `<ip>` of one family: the first, since it may have several. */
export interface NetworkIp {
  readonly element: Element;
  /** Its place among all, by which net-update finds it. */
  readonly index: number;
}

export function networkIp(network: Element | undefined, family: Family): NetworkIp | undefined {
  const all = childrenOf(network, "ip");
  const index = all.findIndex((ip) => familyOf(ip) === family);
  const element = all[index];
  return element && { element, index };
}

/** The host's address with the prefix length, which older definitions write as a netmask. */
export function cidrOf({ attributes }: Element): Cidr | undefined {
  const { address = "", netmask = "", prefix = prefixOf(netmask) } = attributes;
  return parseCidr(`${address}/${prefix}`);
}

function familyOf(ip: Element): Family {
  return ip.attributes["family"] === "ipv6" ? 6 : 4;
}

function prefixOf(netmask: string): string {
  const bits = parseAddress(netmask)?.value.toString(2) ?? "";
  return String(bits.replaceAll("0", "").length);
}
