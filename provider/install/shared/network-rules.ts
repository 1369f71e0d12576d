import { each } from "../../resource/known";
import { differ, eachIn, isAnyGiven, type Report, type Rule, together } from "../../resource/rules";
import { contains, hostAddresses, parseAddress, parseCidr4, subnetOf } from "../../values/ip";
import type { NetworkInterface, NetworkOptions } from "./network";

const isMade = (one: NetworkInterface) => isAnyGiven(one, ["vlan", "bond"]);
const isIpv4 = (address: string) => parseCidr4(address) !== undefined;

const identityRules: readonly Rule<NetworkInterface>[] = [
  (one, report) => {
    if (isMade(one) && one.name === undefined)
      report(["name"], "is missing: a VLAN or a bond is made, so give it a name");
  },
  ({ vlan, bond }, report) => {
    if (vlan !== undefined && bond !== undefined)
      report(["bond"], "can't be given with `vlan`; make the VLAN an interface of its own");
  },
  (one, report) => {
    if (isMade(one) && one.mac !== undefined)
      report(["mac"], "can't be given with `vlan` or `bond`: what is made is not looked for");
  },
];

function onlyFirstByLink({ interfaces }: NetworkOptions, report: Report): void {
  each(interfaces, (one, index) => {
    if (index > 0 && one.name === undefined && one.mac === undefined && !isMade(one))
      report(
        ["interfaces", index, "name"],
        "is missing: only the first interface may be found by its link; give a `name` or a `mac`",
      );
  });
}

function addressRule(address: string, report: Report): void {
  const cidr = parseCidr4(address);
  if (cidr !== undefined && !contains(hostAddresses(cidr), cidr))
    report([], `${address} is the subnet's own or its broadcast address`);
}

/** Of the addresses no more are read than it takes: one that is unknown may be of any subnet. */
const gatewayRules: readonly Rule<NetworkInterface>[] = [
  ({ gateway6, addresses }, report) => {
    if (gateway6 !== undefined && addresses.every(isIpv4))
      report(["gateway6"], "can't be given without an IPv6 address among `addresses`");
  },
  ({ gateway, addresses }, report) => {
    if (gateway !== undefined && !addresses.some(isIpv4))
      report(["gateway"], "can't be given without an IPv4 address among `addresses`; a DHCP server names the router");
  },
  ({ gateway, addresses }, report) => {
    const router = parseAddress(gateway ?? "");
    if (gateway === undefined || router === undefined) return; // its own error says so
    const isAround = (address: string) => {
      const cidr = parseCidr4(address);
      return cidr !== undefined && contains(subnetOf(cidr), router);
    };
    const own = parseCidr4(addresses.find(isAround) ?? "");
    if (own === undefined && addresses.some(isIpv4))
      report(["gateway"], `${gateway} is in the subnet of none of the addresses; give the router's address there`);
    if (own !== undefined && (router.value === own.value || !contains(hostAddresses(own), router)))
      report(["gateway"], `${gateway} can't be the router there; give another address of the subnet`);
  },
];

const linkRules: readonly Rule<NetworkInterface, NetworkOptions>[] = [
  ({ name, vlan }, report) => {
    if (vlan !== undefined && vlan.link === name)
      report(["vlan"], `has itself as its link; name the interface that carries "${vlan.link}"`);
  },
  ({ name, bond }, report, { interfaces }) => {
    const withAddresses = each(interfaces, (one) => (one.addresses.length > 0 ? one.name : undefined));
    each(bond?.interfaces ?? [], (slave) => {
      if (slave === name) report(["bond"], "has itself among its interfaces");
      else if (withAddresses.includes(slave))
        report(["bond"], `takes "${slave}", which has addresses of its own; give the addresses to the bond`);
    });
  },
];

/** What no single value can say of itself. */
export const networkRules = together<NetworkOptions>(
  eachIn("interfaces", ...identityRules),
  onlyFirstByLink,
  differ("interfaces", ["name"], (name, first) => `"${name}" is interfaces[${first}] already; give each name once`),
  eachIn("interfaces", eachIn("addresses", addressRule), ...gatewayRules, ...linkRules),
);
