import { each } from "../../resource/known";
import { type Report, reportRepeated, type Rule } from "../../resource/rules";
import { contains, hostAddresses, parseAddress, parseCidr, parseCidr4, subnetOf } from "../../values/ip";
import { isIpv4, isOnLinkOnly } from "./links";
import type { NetworkInterface, NetworkOptions } from "./network";

/** The kernel's own, groups, and ranges without hosts; an address in them is refused by the kernel or by the installer. */
const withoutHosts = ["0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/3", "::/127", "::ffff:0:0/96", "ff00::/8"].flatMap(
  (text) => {
    const cidr = parseCidr(text);
    return cidr === undefined ? [] : [subnetOf(cidr)];
  },
);

export function addressRule(address: string, report: Report): void {
  const cidr = parseCidr(address);
  if (cidr === undefined) return;
  if (withoutHosts.some((range) => contains(range, cidr)))
    report([], `${address} can't be the address of an interface; give one that other machines reach`);
  else if (cidr.family === 4 && !contains(hostAddresses(cidr), cidr))
    report([], `${address} is the subnet's own or its broadcast address`);
}

/** Answers would come by one of two interfaces. Addresses of a link, and those without a subnet, may be on several. */
export function differingAddresses({ interfaces }: NetworkOptions, report: Report): void {
  const places = each(interfaces, ({ addresses }, index) =>
    each(addresses, (address, position) => ({
      path: ["interfaces", index, "addresses", position] as const,
      key: `${keyOf(address.replace(/\/.*/, "")) ?? address}${/^fe[89ab]|\/(32|128)$/i.test(address) ? ` on ${index}` : ""}`,
    })),
  )
    .flat()
    .filter((place) => place !== undefined);
  reportRepeated(
    places.map(({ key }) => key),
    (_key, at, first) => {
      const [, nic, , position] = places[first]?.path ?? [];
      report(
        places[at]?.path ?? [],
        `is interfaces[${String(nic)}].addresses[${String(position)}] already; give each address once`,
      );
    },
  );
}

/** One text for all spellings of an address. */
function keyOf(address: string): string | undefined {
  const parsed = parseAddress(address);
  return parsed === undefined ? undefined : `${parsed.family} ${parsed.value}`;
}

function isOwn(router: string, addresses: readonly string[]): boolean {
  const key = keyOf(router);
  return key !== undefined && addresses.some((address) => keyOf(address.replace(/\/.*/, "")) === key);
}

/** Of the addresses no more are read than it takes: one that is unknown may be of any subnet. */
export const gatewayRules: readonly Rule<NetworkInterface>[] = [
  ({ gateway6, addresses }, report) => {
    if (gateway6 !== undefined && addresses.every(isIpv4))
      report(["gateway6"], "can't be given without an IPv6 address among `addresses`");
  },
  ({ gateway6, addresses }, report) => {
    if (gateway6 !== undefined && isOwn(gateway6, addresses))
      report(["gateway6"], `${gateway6} is the interface's own address; give the router's`);
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
    const isSingle = (address: string) => parseCidr4(address)?.prefix === 32;
    if (own === undefined && addresses.some(isIpv4) && !addresses.some(isSingle))
      report(
        ["gateway"],
        `${gateway} is in the subnet of none of the addresses; give the router's address there. For a router on the same link outside of the subnet, write the address with /32`,
      );
    if (own !== undefined && (router.value === own.value || !contains(hostAddresses(own), router)))
      report(["gateway"], `${gateway} can't be the router there; give another address of the subnet`);
  },
];

export const routeRules: readonly Rule<NetworkInterface>[] = [
  ({ routes, addresses }, report) => {
    each(routes, ({ to, via }, index) => {
      const target = parseCidr(to);
      const router = parseAddress(via);
      if (target === undefined || router === undefined) return; // their own errors say so
      const at = ["routes", index, "via"];
      if (target.family !== router.family)
        report(
          at,
          `${via} is of IPv${router.family}, and ${to} of IPv${target.family}; give a router of the same kind`,
        );
      else if (isOwn(via, addresses)) report(at, `${via} is the interface's own address; give the router's`);
      else if (addresses.some((text) => parseCidr(text)?.family === router.family) && isOnLinkOnly(via, addresses))
        report(at, `${via} is in the subnet of none of the addresses; give a router that the interface reaches`);
    });
  },
  ({ dhcp4, addresses }, report) => {
    if (dhcp4 === true && addresses.some(isIpv4))
      report(["dhcp4"], "can't be given with an IPv4 address among `addresses`; leave one of them out");
  },
];

/** The system would use one of several default routes, and no one could say which. */
export function oneDefaultRoute({ interfaces }: NetworkOptions, report: Report): void {
  for (const field of ["gateway", "gateway6"] as const) {
    let first: number | undefined;
    each(interfaces, (one, index) => {
      if (one[field] === undefined) return;
      if (first !== undefined)
        report(
          ["interfaces", index, field],
          `is the second default route, next to that of interfaces[${first}]; give \`routes\` instead`,
        );
      first ??= index;
    });
  }
}
