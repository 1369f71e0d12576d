import { type Cidr, contains, hostAddresses, parseAddress, parseCidr4, subnetOf } from "../../ip";
import type { NetworkInterface } from "./network";
import type { Report } from "./report";

/** What no single value can say of itself. @param report with paths below `interfaces` */
export function checkInterfaces(interfaces: readonly NetworkInterface[], report: Report): void {
  interfaces.forEach((one, index) => {
    const tell = (field: string, message: string) => report([index, field], message);
    checkIdentity(one, index, interfaces, tell);
    checkAddresses(one, index, report);
    checkLinks(one, interfaces, tell);
  });
}

type Tell = (field: string, message: string) => void;

function checkIdentity(one: NetworkInterface, index: number, all: readonly NetworkInterface[], tell: Tell): void {
  const isMade = one.vlan !== undefined || one.bond !== undefined;
  if (isMade && one.name === undefined) tell("name", "is missing: a VLAN or a bond is made, so give it a name");
  if (one.vlan !== undefined && one.bond !== undefined)
    tell("bond", "can't be given with `vlan`; make the VLAN an interface of its own");
  if (isMade && one.mac !== undefined)
    tell("mac", "can't be given with `vlan` or `bond`: what is made is not looked for");
  if (index > 0 && one.name === undefined && one.mac === undefined && !isMade) {
    tell("name", "is missing: only the first interface may be found by its link; give a `name` or a `mac`");
  }
  const first = all.findIndex(({ name }) => name !== undefined && name === one.name);
  if (first !== -1 && first < index)
    tell("name", `"${one.name ?? ""}" is interfaces[${first}] already; give each name once`);
}

function checkAddresses({ addresses, gateway, gateway6 }: NetworkInterface, index: number, report: Report): void {
  const subnets = addresses.flatMap((text) => parseCidr4(text) ?? []);
  addresses.forEach((text, position) => {
    const cidr = parseCidr4(text);
    if (cidr !== undefined && !contains(hostAddresses(cidr), cidr))
      report([index, "addresses", position], `${text} is the subnet's own or its broadcast address`);
  });
  if (gateway6 !== undefined && subnets.length === addresses.length)
    report([index, "gateway6"], "can't be given without an IPv6 address among `addresses`");
  if (gateway !== undefined) checkGateway(gateway, subnets, (message) => report([index, "gateway"], message));
}

function checkGateway(gateway: string, subnets: readonly Cidr[], tell: (message: string) => void): void {
  if (subnets.length === 0) {
    tell("can't be given without an IPv4 address among `addresses`; DHCP tells the router");
    return;
  }
  const router = parseAddress(gateway);
  if (router === undefined) return; // its own error says so
  const own = subnets.find((cidr) => contains(subnetOf(cidr), router));
  if (own === undefined) tell(`${gateway} is in the subnet of none of the addresses; give the router's address there`);
  else if (router.value === own.value || !contains(hostAddresses(own), router))
    tell(`${gateway} can't be the router there; give another address of the subnet`);
}

function checkLinks(
  { name, vlan: tag, bond: bonded }: NetworkInterface,
  all: readonly NetworkInterface[],
  tell: Tell,
): void {
  if (tag !== undefined && tag.link === name)
    tell("vlan", `has itself as its link; name the interface that carries "${tag.link}"`);
  for (const slave of bonded?.interfaces ?? []) {
    const other = all.find((candidate) => candidate.name === slave);
    if (slave === name) tell("bond", "has itself among its interfaces");
    else if (other !== undefined && other.addresses.length > 0)
      tell("bond", `takes "${slave}", which has addresses of its own; give the addresses to the bond`);
  }
}
