import { netmaskOf, parseCidr4 } from "../../values/ip";
import type { AddedFile } from "../family";
import { addressingOf, bondOptionsOf, inOrder, isIpv4, isMadeFrom, isMember, membersOf } from "../shared/links";
import type { Bond, NetworkInterface, NetworkOptions } from "../shared/network";

/**
 * The installer itself configures the first interface, with one address; it makes neither bonds nor bridges, and uses the
 * first card of one in its place.
 */
export function installersNetwork(network: NetworkOptions | undefined) {
  const first = network?.interfaces[0];
  const { own } = addressesOf(first);
  const [address] = own?.split("/") ?? [];
  const is6 = own !== undefined && !isIpv4(own);
  return {
    interface: first === undefined ? "auto" : (cardsOf(first, network?.interfaces ?? [])[0] ?? "auto"),
    address: is6 ? own : (address ?? null),
    netmask: own === undefined || is6 ? null : netmaskOf(parseCidr4(own)?.prefix ?? 32),
    gateway: (is6 ? first?.gateway6 : first?.gateway) ?? "",
    nameservers: first?.dns ?? [],
  };
}

/** The network cards that an interface is made of at last. */
function cardsOf(one: NetworkInterface, interfaces: readonly NetworkInterface[]): string[] {
  const members = membersOf(one);
  if (members.length === 0) return one.name === undefined ? [] : [one.name];
  return members.flatMap((member) => {
    const listed = interfaces.find(({ name }) => name === member);
    return listed === undefined ? [member] : cardsOf(listed, interfaces);
  });
}

/** Files of the new system in addition to the installer's own, or in their place: all that it can't configure itself. */
export function networkFiles(network: NetworkOptions | undefined): AddedFile[] {
  const interfaces = network?.interfaces ?? [];
  const [first] = interfaces;
  const isOurs = first !== undefined && isBeyondInstaller(first);
  const ours = inOrder(interfaces, isMadeAfter).filter((one) => isOurs || one !== first);
  const stanzas = [
    ...(isOurs ? [] : furtherAddresses(first)),
    ...ours.filter((one) => hasStanza(one, interfaces)).flatMap((one) => stanzasOf(one, interfaces)),
  ];
  return [
    ...fileOf("network/interfaces", isOurs ? onlyLoopback : ""),
    ...fileOf("network/interfaces.d/kvm-deploy", stanzas.join("\n")),
    ...fileOf("resolv.conf", first === undefined || first.search.length === 0 ? "" : resolver(first)),
  ];
}

/** The kernel's own interfaces exist from the start. */
function isMadeAfter(one: NetworkInterface, base: NetworkInterface): boolean {
  return isMadeFrom(one, base) && (membersOf(base).length > 0 || membersOf(one).length > 0);
}

const onlyLoopback = `source /etc/network/interfaces.d/*

auto lo
iface lo inet loopback
`;

function fileOf(path: string, content: string): AddedFile[] {
  return content === "" ? [] : [{ path: `new-system/etc/${path}`, content, mode: 0o644 }];
}

/** Whether the stanza that the installer writes for the first interface doesn't hold all that it needs. */
export function isBeyondInstaller(one: NetworkInterface): boolean {
  const { mtu, routes, acceptRa, dhcp4, addresses } = one;
  const isAskedToo = dhcp4 === true && addresses.length > 0;
  return membersOf(one).length > 0 || mtu !== undefined || routes.length > 0 || acceptRa !== undefined || isAskedToo;
}

/** What belongs to a bond or a bridge is brought up with it. */
function hasStanza(one: NetworkInterface, interfaces: readonly NetworkInterface[]): boolean {
  return !isMember(one, interfaces) || one.vlan !== undefined || one.bond !== undefined;
}

function addressesOf(one: NetworkInterface | undefined): { own: string | undefined; further: readonly string[] } {
  const addresses = one?.addresses ?? [];
  const own = addresses.find(isIpv4) ?? (one?.dhcp4 === true ? undefined : addresses[0]);
  return { own, further: addresses.filter((text) => text !== own) };
}

export function hasFurtherAddresses(one: NetworkInterface): boolean {
  return addressesOf(one).further.length > 0;
}

/** The stanza of the first one is the installer's, with the router of its address. */
function furtherAddresses(one: NetworkInterface | undefined): string[] {
  if (one?.name === undefined) return [];
  const { own, further } = addressesOf(one);
  const isOwn6 = own !== undefined && !isIpv4(own);
  const rest = { ...one, gateway: undefined, gateway6: isOwn6 ? undefined : one.gateway6, addresses: [...further] };
  return staticStanzas(one.name, rest).map(({ head, lines }) => stanza(head, lines));
}

interface Stanza {
  readonly head: string;
  readonly lines: readonly string[];
}

function stanzasOf(one: NetworkInterface, interfaces: readonly NetworkInterface[]): string[] {
  const { name = "", vlan } = one;
  const link = vlan === undefined ? [] : [`\tvlan-raw-device ${vlan.link}`];
  const before = [...making(one, interfaces), ...kernelSettings(one, interfaces)].map((line) => `\tpre-up ${line}`);
  const after = [
    ...one.routes.map((route) => `\tup ${routeCommand(route, name)}`),
    ...(membersOf(one).length === 0 ? [] : [`\tpost-down ip link del ${name}`]),
  ];
  const plain = plainStanzas(name, one, interfaces);
  return plain.map(({ head, lines }, index) => {
    const own = [...(index === 0 ? before : []), ...lines, ...link, ...(index === plain.length - 1 ? after : [])];
    return (index === 0 ? `auto ${name}\n` : "") + stanza(head, own);
  });
}

function plainStanzas(name: string, one: NetworkInterface, interfaces: readonly NetworkInterface[]): Stanza[] {
  const { ipv4 } = addressingOf(one, interfaces);
  const fixed = staticStanzas(name, one);
  if (ipv4 === "dhcp") return [{ head: `iface ${name} inet dhcp`, lines: [] }, ...fixed];
  if (fixed.length > 0) return fixed;
  return [{ head: `iface ${name} ${one.acceptRa === true ? "inet6 auto" : "inet manual"}`, lines: [] }];
}

/** A gateway belongs to the first address of its kind. */
function staticStanzas(name: string, one: NetworkInterface): Stanza[] {
  const seenKinds = new Set<string>();
  return one.addresses.map((address) => {
    const kind = isIpv4(address) ? "inet" : "inet6";
    const gateway = kind === "inet" ? one.gateway : one.gateway6;
    const isFirst = !seenKinds.has(kind);
    seenKinds.add(kind);
    return {
      head: `iface ${name} ${kind} static`,
      lines: [`\taddress ${address}`, ...(isFirst && gateway !== undefined ? [`\tgateway ${gateway}`] : [])],
    };
  });
}

function stanza(head: string, lines: readonly string[]): string {
  return `${[head, ...lines].join("\n")}\n`;
}

/** By the commands of iproute2, which every Debian has: ifupdown's own words for bonds and bridges need further packages. */
function making({ name = "", bond, bridge }: NetworkInterface, interfaces: readonly NetworkInterface[]): string[] {
  const make = (options: string) => `[ -e /sys/class/net/${name} ] || ip link add ${name} type ${options}`;
  if (bond !== undefined)
    return [
      make(`bond ${bondOptions(bond)}`),
      // A bond takes no interface that is up.
      ...bond.interfaces.flatMap((member) => [`ip link set ${member} down`, `ip link set ${member} master ${name}`]),
      ...(bond.primary === undefined ? [] : [`ip link set ${name} type bond primary ${bond.primary}`]),
    ];
  if (bridge === undefined) return [];
  return [
    make(`bridge stp_state ${bridge.stp ? 1 : 0}`),
    ...bridge.interfaces.flatMap((member) => {
      const mtu = interfaces.find((one) => one.name === member)?.mtu;
      return [
        ...(mtu === undefined ? [] : [`ip link set ${member} mtu ${mtu}`]),
        `ip link set ${member} master ${name}`,
        `ip link set ${member} up`,
      ];
    }),
  ];
}

/** The primary interface can be named only after it has joined. */
function bondOptions(bond: Bond): string {
  const others = bondOptionsOf(bond).filter(({ name }) => name !== "primary" && name !== "miimon");
  const all = [{ name: "mode", value: bond.mode }, { name: "miimon", value: bond.miimon }, ...others];
  return all.map(({ name, value }) => `${name} ${value}`).join(" ");
}

function kernelSettings(one: NetworkInterface, interfaces: readonly NetworkInterface[]): string[] {
  const { name = "", mtu } = one;
  const { acceptRa } = addressingOf(one, interfaces);
  return [
    ...(mtu === undefined ? [] : [`ip link set ${name} mtu ${mtu}`]),
    ...(acceptRa === undefined ? [] : [`echo ${acceptRa ? 1 : 0} >/proc/sys/net/ipv6/conf/${name}/accept_ra`]),
  ];
}

function routeCommand({ to, via, metric }: NetworkInterface["routes"][number], name: string): string {
  const family = isIpv4(to) ? "" : "-6 ";
  return `ip ${family}route add ${to} via ${via} dev ${name}${metric === undefined ? "" : ` metric ${metric}`}`;
}

function resolver({ search, dns }: NetworkInterface): string {
  return [`search ${search.join(" ")}`, ...dns.map((address) => `nameserver ${address}`), ""].join("\n");
}
