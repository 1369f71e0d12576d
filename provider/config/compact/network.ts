import { contains, parseAddress, parseCidr, subnetOf, formatAddress } from "../../values/ip";
import { derived, type Expansion, isMap, type Place, under } from "./place";

/** What a network gives its guests; each value may be known only later, or be none. */
export interface Facts {
  readonly subnets?: Place | undefined;
  readonly gateway?: Place | undefined;
  readonly gateway6?: Place | undefined;
  readonly dns?: Place | undefined;
  readonly domain?: Place | undefined;
  /** False only where that is certain. */
  readonly hasDhcp: boolean;
}

/** The keys of `guests` of a network. */
export const guestKeys = ["subnet", "gateway", "dns", "domain"] as const;

/** Modes in which the host is on the network, and in which it is the way out. */
const withHost = ["nat", "route", "open", "isolated"];
const withRoute = ["nat", "route", "open"];

interface Ip {
  readonly subnet?: unknown;
  readonly hostAddress?: unknown;
}

/** @param network the inputs of a Network, with `guests` in addition */
export function factsOf(network: Place, expansion: Expansion): Facts {
  const [mode, ipv4, ipv6, dns] = ["mode", "ipv4", "ipv6", "dns"].map((key) => under(network, key));
  const guests = under(network, "guests");
  const ofGuests = (key: (typeof guestKeys)[number]) => guests && under(guests, key);
  const fact = (main: Place | undefined, others: readonly (Place | undefined)[], compute: Compute) => {
    if (main === undefined) return undefined;
    const node = derived([main, ...others], compute, expansion);
    return node && { node, path: main.path };
  };
  const subnets = fact(ofGuests("subnet") ?? ipv4 ?? ipv6, [ofGuests("subnet"), ipv4, ipv6], (_main, own, four, six) =>
    own === undefined ? [four, six].flatMap((ip) => subnetIn(ip)) : [own].flat(),
  );
  const routes: Compute = (ip, how = "nat") => (withRoute.includes(String(how)) ? hostIn(ip) : undefined);
  const answers: Compute = (ip, how = "nat", settings) =>
    withHost.includes(String(how)) && (settings as { enabled?: unknown } | undefined)?.enabled !== false
      ? [hostIn(ip)].filter((host) => host !== undefined)
      : undefined;
  const domain = under(network, "domain");
  return {
    subnets,
    gateway: ofGuests("gateway") ?? fact(ipv4, [mode], routes),
    gateway6: fact(ipv6, [mode], routes),
    dns: fact(ofGuests("dns"), [], (own) => [own].flat()) ?? fact(ipv4, [mode, dns], answers),
    domain: ofGuests("domain") ?? fact(domain, [], (value) => (value as { name?: unknown } | undefined)?.name),
    hasDhcp: mayHaveDhcp(mode, ipv4),
  };
}

type Compute = (...values: readonly unknown[]) => unknown;

function mayHaveDhcp(mode: Place | undefined, ipv4: Place | undefined): boolean {
  const how = mode?.node.value ?? "nat";
  if (typeof how !== "string" || !withHost.includes(how)) return true;
  if (ipv4 === undefined) return false;
  return !isMap(ipv4) || ipv4.node.children.has("dhcp");
}

function subnetIn(ip: unknown): unknown[] {
  const { subnet } = (ip ?? {}) as Ip;
  return typeof subnet === "string" ? [subnet] : [];
}

/** The host's address: the given one, else the first of the subnet. */
function hostIn(ip: unknown): string | undefined {
  const { subnet, hostAddress } = (ip ?? {}) as Ip;
  if (typeof hostAddress === "string") return hostAddress;
  const cidr = typeof subnet === "string" ? parseCidr(subnet) : undefined;
  return cidr && formatAddress({ family: cidr.family, value: subnetOf(cidr).first + 1n });
}

/** The addresses, as a text or a list, each with the length of its prefix. @throws Error that says which has none */
export function withPrefixes(given: unknown, subnets: unknown): unknown[] {
  return [given].flat().map((address) => {
    const parsed = typeof address === "string" ? parseAddress(address) : undefined;
    // A prefix is there already, or the resource says what is wrong.
    if (parsed === undefined || typeof address !== "string") return address;
    const texts = [subnets].flat().filter((text) => typeof text === "string");
    if (texts.length === 0)
      throw new Error(
        `"${address}" is without the length of its prefix, and its network has no subnet here; write it like "${address}/24", or give the network \`guests.subnet\``,
      );
    const cidr = texts.map(parseCidr).find((subnet) => subnet !== undefined && contains(subnetOf(subnet), parsed));
    if (cidr === undefined) throw new Error(`"${address}" is not in the subnet of its network, ${texts.join(", ")}`);
    return `${address}/${cidr.prefix}`;
  });
}

/** The first IPv4 address without its prefix: what a NIC can have. */
export function nicAddress(given: unknown): unknown {
  const plain = [given].flat().map((text) => (typeof text === "string" ? text.replace(/\/\d*$/, "") : text));
  return plain.find((text) => typeof text !== "string" || parseAddress(text)?.family !== 6);
}

export function hasIpv6(given: unknown): boolean {
  return [given]
    .flat()
    .some((text) => typeof text === "string" && parseAddress(text.replace(/\/\d*$/, ""))?.family === 6);
}
