import type { Spelling } from "../../format/place";
import { childrenOf, el, type Element, mapChildren, withAttributes } from "../../format/xml";
import { cidrOf } from "../../libvirt/network-ip";
import { formatAddress, parseAddress } from "../../values/ip";
import { own } from "../../values/keys";

/** An address of either family, in its canonical form. */
export const address: Spelling<string> = { format: String, parse: canonicalAddress };
export const lowerCase: Spelling<string> = { format: String, parse: (text) => text.toLowerCase() };

export function canonicalAddress(text: string): string {
  const parsed = parseAddress(text);
  return parsed === undefined ? text : formatAddress(parsed);
}

/** The network in a canonical spelling, the only one that the places of its values read. libvirt accepts several. */
export function respelt(network: Element): Element {
  return mapChildren(network, (child) => own(spellings, child.name)?.(child) ?? child);
}

const spellings: Readonly<Record<string, (element: Element) => Element>> = {
  forward: respeltForward,
  ip: withPrefix,
  route: withPrefix,
};

/** Older definitions contain a netmask instead of the prefix, or neither. */
function withPrefix(element: Element): Element {
  const cidr = cidrOf(element);
  return cidr === undefined ? element : withAttributes(element, { netmask: undefined, prefix: cidr.prefix });
}

/** Without a mode it is nat's; and a single device may be in an attribute. */
function respeltForward(forward: Element): Element {
  const { dev, mode = "nat" } = forward.attributes;
  const hasDevices = childrenOf(forward, "interface").some(({ attributes }) => attributes["dev"] !== undefined);
  const added = dev === undefined || hasDevices ? undefined : el("interface", { dev });
  return el("forward", { ...forward.attributes, mode, dev: undefined }, ...forward.children, added);
}
