import { each } from "../../resource/known";
import { atMostOne, isAnyGiven, type Report, reportRepeated, type Rule } from "../../resource/rules";
import { addressingOf, basesOf, isIpv4, isMadeFrom, membersOf } from "./links";
import type { Bond, NetworkInterface, NetworkOptions } from "./network";

const kindsOfMade = ["vlan", "bond", "bridge"] as const;
const isMade = (one: NetworkInterface) => isAnyGiven(one, kindsOfMade);

export const identityRules: readonly Rule<NetworkInterface>[] = [
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

export function onlyFirstByLink({ interfaces }: NetworkOptions, report: Report): void {
  each(interfaces, (one, index) => {
    if (index > 0 && one.name === undefined && one.mac === undefined && !isMade(one))
      report(
        ["interfaces", index, "name"],
        "is missing: only the first interface may be found by its link; give a `name` or a `mac`",
      );
  });
}

/** The smallest packet that IPv6 works with. */
const leastMtu6 = 1280;
const ethernetMtu = 1500;

export const mtuRules: readonly Rule<NetworkInterface, NetworkOptions>[] = [
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

export const bondRules: readonly Rule<Bond>[] = [
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

export const linkRules: readonly Rule<NetworkInterface, NetworkOptions>[] = [
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
