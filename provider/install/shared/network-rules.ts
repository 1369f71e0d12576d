import { each } from "../../resource/known";
import {
  atMostOne,
  differ,
  eachIn,
  isAnyGiven,
  type Report,
  reportRepeated,
  type Rule,
  together,
  within,
} from "../../resource/rules";
import { contains, hostAddresses, parseAddress, parseCidr, parseCidr4, subnetOf } from "../../values/ip";
import { addressingOf, basesOf, isIpv4, isMadeFrom, isOnLinkOnly, membersOf } from "./links";
import type { Bond, NetworkInterface, NetworkOptions } from "./network";

const kindsOfMade = ["vlan", "bond", "bridge"] as const;
const isMade = (one: NetworkInterface) => isAnyGiven(one, kindsOfMade);

const identityRules: readonly Rule<NetworkInterface>[] = [
  (one, report) => {
    if (isMade(one) && one.name === undefined)
      report(["name"], "is missing: a VLAN, a bond or a bridge is made, so give it a name");
  },
  atMostOne(kindsOfMade, (first) => `can't be given with \`${first}\`; make each of them an interface of its own`),
  (one, report) => {
    if (isMade(one) && one.mac !== undefined)
      report(["mac"], "can't be given with `vlan`, `bond` or `bridge`: what is made is not looked for");
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

/** The kernel's own, groups, and ranges without hosts; an address in them is refused by the kernel or by the installer. */
const withoutHosts = ["0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/3", "::/127", "::ffff:0:0/96", "ff00::/8"].flatMap(
  (text) => {
    const cidr = parseCidr(text);
    return cidr === undefined ? [] : [subnetOf(cidr)];
  },
);

function addressRule(address: string, report: Report): void {
  const cidr = parseCidr(address);
  if (cidr === undefined) return;
  if (withoutHosts.some((range) => contains(range, cidr)))
    report([], `${address} can't be the address of an interface; give one that other machines reach`);
  else if (cidr.family === 4 && !contains(hostAddresses(cidr), cidr))
    report([], `${address} is the subnet's own or its broadcast address`);
}

/** Answers would come by one of two interfaces. Addresses of a link, and those without a subnet, may be on several. */
function differingAddresses({ interfaces }: NetworkOptions, report: Report): void {
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
const gatewayRules: readonly Rule<NetworkInterface>[] = [
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

const routeRules: readonly Rule<NetworkInterface>[] = [
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

/** The smallest packet that IPv6 works with. */
const leastMtu6 = 1280;
const ethernetMtu = 1500;

const mtuRules: readonly Rule<NetworkInterface, NetworkOptions>[] = [
  ({ mtu, addresses }, report) => {
    if (mtu !== undefined && mtu < leastMtu6 && !addresses.every(isIpv4))
      report(["mtu"], `must be at least ${leastMtu6} for the IPv6 address among \`addresses\``);
  },
  ({ mtu, acceptRa }, report) => {
    if (mtu !== undefined && mtu < leastMtu6 && acceptRa === true)
      report(["mtu"], `must be at least ${leastMtu6} for IPv6, which \`acceptRa\` enables`);
  },
  ({ mtu = ethernetMtu, vlan, bridge }, report, { interfaces }) => {
    for (const name of vlan === undefined ? (bridge?.interfaces ?? []) : [vlan.link]) {
      const most = interfaces.find((one) => one.name === name)?.mtu ?? ethernetMtu;
      if (mtu > most)
        report(["mtu"], `is ${mtu}, and that of "${name}" is ${most}; give "${name}" at least the same \`mtu\``);
    }
  },
  ({ name, mtu }, report, { interfaces }) => {
    const bond = interfaces.find((one) => name !== undefined && one.bond?.interfaces.includes(name));
    if (mtu !== undefined && bond !== undefined)
      report(["mtu"], `can't be given for an interface of the bond "${bond.name ?? ""}"; give it to the bond`);
  },
];

const modesWithPrimary: readonly Bond["mode"][] = ["active-backup", "balance-tlb", "balance-alb"];
const modesWithHash: readonly Bond["mode"][] = ["802.3ad", "balance-xor", "balance-tlb"];

const bondRules: readonly Rule<Bond>[] = [
  ({ primary, interfaces }, report) => {
    if (primary !== undefined && !interfaces.includes(primary))
      report(["primary"], `"${primary}" is none of the bond's \`interfaces\`; name one of them`);
  },
  ({ primary, mode }, report) => {
    if (primary !== undefined && !modesWithPrimary.includes(mode))
      report(["primary"], `is for the modes ${modesWithPrimary.join(", ")} only; leave it out with ${mode}`);
  },
  ({ lacpRate, mode }, report) => {
    if (lacpRate !== undefined && mode !== "802.3ad")
      report(["lacpRate"], `is for the mode 802.3ad only; leave it out with ${mode}`);
  },
  ({ transmitHashPolicy, mode }, report) => {
    if (transmitHashPolicy !== undefined && !modesWithHash.includes(mode))
      report(["transmitHashPolicy"], `is for the modes ${modesWithHash.join(", ")} only; leave it out with ${mode}`);
  },
];

const linkRules: readonly Rule<NetworkInterface, NetworkOptions>[] = [
  (one, report) => {
    for (const kind of ["bond", "bridge"] as const)
      reportRepeated(
        each(one[kind]?.interfaces ?? [], (member) => member),
        (member, index) => report([kind, "interfaces", index], `"${member}" is given twice; give each interface once`),
      );
  },
  ({ name, vlan }, report) => {
    if (vlan !== undefined && vlan.link === name)
      report(["vlan"], `has itself as its link; name the interface that carries "${vlan.link}"`);
  },
  (one, report, network) => {
    for (const kind of ["bond", "bridge"] as const)
      each(one[kind]?.interfaces ?? [], (member) => reportMember(one, kind, member, network, report));
  },
  (one, report, { interfaces }) => {
    if (
      one.name !== undefined &&
      basesOf(one).every((base) => base !== one.name) &&
      isMadeOf(one, one.name, interfaces)
    )
      report([kindOf(one)], `is made of "${one.name}" itself in the end; take one of the interfaces out of this ring`);
  },
  (one, report, { interfaces }) => {
    if (one.addresses.length > 0 || !addressingOf(one, interfaces).isBare) return;
    for (const field of ["dns", "search", "routes"] as const)
      if (one[field].length > 0)
        report([field], "can't be given to an interface without addresses; give it to another");
  },
];

function kindOf(one: NetworkInterface): (typeof kindsOfMade)[number] {
  return one.vlan !== undefined ? "vlan" : one.bond !== undefined ? "bond" : "bridge";
}

/** Interfaces are compared by their names: at preview, each look at one is another object. */
function isMadeOf(
  one: NetworkInterface,
  name: string,
  interfaces: readonly NetworkInterface[],
  visited: readonly string[] = [],
): boolean {
  const bases = interfaces.filter((base) => isMadeFrom(one, base));
  return bases.some(
    ({ name: base = "" }, index) =>
      base === name ||
      (!visited.includes(base) && isMadeOf(bases[index] as NetworkInterface, name, interfaces, [...visited, base])),
  );
}

/** Each check by itself: what one of them reads may be unknown. */
function reportMember(
  owner: NetworkInterface,
  kind: "bond" | "bridge",
  member: string,
  { interfaces }: NetworkOptions,
  report: Report,
): void {
  if (member === owner.name) {
    report([kind], "has itself among its interfaces");
    return;
  }
  const at = each(interfaces, ({ name }) => name === member).indexOf(true);
  const takes = (reason: string) => report([kind], `takes "${member}", ${reason}`);
  const checks: readonly (() => void)[] = [
    () => {
      if ((interfaces[at]?.addresses.length ?? 0) > 0)
        takes(`which has addresses of its own; give the addresses to the ${kind}`);
    },
    ...(["dhcp4", "acceptRa"] as const).map((field) => () => {
      if (interfaces[at]?.[field] === true) takes(`which has \`${field}: true\`; give that to the ${kind}`);
    }),
    () => {
      if (interfaces[at]?.bridge !== undefined) takes("which is a bridge; name others");
    },
    () => {
      if (kind === "bond" && interfaces[at]?.bond !== undefined) takes("which is a bond; name others");
    },
    () => {
      const first = interfaces.find((one) => membersOf(one).includes(member));
      if (first !== undefined && first.name !== owner.name)
        takes(`which "${first.name ?? ""}" has already; give each interface to one only`);
    },
  ];
  each(checks, (check) => check());
}

/** The system would use one of several default routes, and no one could say which. */
function oneDefaultRoute({ interfaces }: NetworkOptions, report: Report): void {
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

/** What no single value can say of itself. */
export const networkRules = together<NetworkOptions>(
  eachIn("interfaces", ...identityRules),
  onlyFirstByLink,
  differ("interfaces", ["name"], (name, first) => `"${name}" is interfaces[${first}] already; give each name once`),
  differ("interfaces", ["mac"], (mac, first) => `${mac} is that of interfaces[${first}] already; give each once`),
  oneDefaultRoute,
  differingAddresses,
  eachIn("interfaces", eachIn("addresses", addressRule), ...gatewayRules, ...routeRules, within("bond", ...bondRules)),
  eachIn("interfaces", ...linkRules, ...mtuRules),
);
