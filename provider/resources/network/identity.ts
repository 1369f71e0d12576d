import type { Identity } from "../../format/merge";
import type { Element } from "../../format/xml";
import { cidrOf } from "../../libvirt/network-ip";
import { formatSubnet } from "../../values/ip";
import { own } from "../../values/keys";
import { hostKey } from "./own-hosts";
import { canonicalAddress } from "./spelling";

type Tell = (element: Element) => string | undefined;

const subnet: Tell = (element) => {
  const cidr = cidrOf(element);
  return cidr && formatSubnet(cidr);
};

/** The keys of elements that a network has several of. */
const keys: Readonly<Record<string, Tell>> = {
  interface: ({ attributes }) => attributes["dev"],
  ip: subnet,
  range: ({ attributes }) => attributes["start"],
  // A host of DHCP, or an address with names in DNS.
  host: ({ attributes }) => hostKey(attributes) || canonicalAddress(attributes["ip"] ?? ""),
  forwarder: ({ attributes: { domain = "", addr = "" } }) => `${domain} ${canonicalAddress(addr)}`,
  txt: ({ attributes }) => attributes["name"],
  srv: ({ attributes: { service, protocol, domain, target } }) => [service, protocol, domain, target].join(" "),
  route: subnet,
  portgroup: ({ attributes }) => attributes["name"],
  tag: ({ attributes }) => attributes["id"],
};

const frames = ["nat", "dns", "dhcp"];

export const identity: Identity = {
  keyOf: (element) => own(keys, element.name)?.(element),
  kindOf: ({ name, attributes }) => (name === "virtualport" ? attributes["type"] : undefined),
  isFrame: ({ name }) => frames.includes(name),
  // The order of routes and resolvers matters, and a refresh reads it.
  inOrder: true,
};
