import { keeping, type Model, unlessEmpty } from "../../../format/keep";
import { childrenOf, el, type Element, find } from "../../../format/xml";
import { isOfSubnet, networkIp } from "../../../libvirt/network-ip";
import { type Cidr, contains, type Family, formatSubnet, parseAddress, parseCidr, subnetOf } from "../../../values/ip";
import { parseDuration } from "../../../values/scalars";
import { gatewayOf } from "./gateway";
import { hostKey, readHost, readLeaseTime } from "./read";
import type { Dhcp, DhcpHost, DhcpRange, Ip } from "./schema";

interface Ips {
  readonly ipv4?: Ip | undefined;
  readonly ipv6?: Ip | undefined;
}

/** What of a network's present definition stays, although the inputs don't say it. */
export interface Kept {
  readonly present: Element;
  /** Inputs of the last deployment. */
  readonly olds: Ips;
  /** Keys of the resource's own hosts, also of those that were there before; all others are machines'. */
  readonly ownHosts: ReadonlySet<string>;
}

const families = [
  ["ipv4", 4],
  ["ipv6", 6],
] as const;

/** A network may have several subnets of one family: those that the inputs don't speak of stay. */
export function ipsXml(inputs: Ips, { present, olds, ownHosts }: Kept): Element[] {
  const replaced = new Map<Element, Element | undefined>();
  const added = families.flatMap(([field, family]) => {
    const [old, ip] = [olds[field], inputs[field]];
    const before = presentOf(present, family, old, ip);
    const written = ip && ipXml(ip, before, { ownHosts, hadDhcp: old?.dhcp !== undefined });
    if (before !== undefined) replaced.set(before, written);
    return before === undefined && written !== undefined ? [written] : [];
  });
  const kept = childrenOf(present, "ip").flatMap((ip) => (replaced.has(ip) ? (replaced.get(ip) ?? []) : [ip]));
  return [...kept, ...added];
}

/** The one that the inputs mean, or meant. */
function presentOf(network: Element, family: Family, old: Ip | undefined, wanted: Ip | undefined): Element | undefined {
  const same = wanted && networkIp(network, family, wanted.subnet)?.element;
  if (same !== undefined && isOfSubnet(same, wanted?.subnet)) return same;
  return old && networkIp(network, family, old.subnet)?.element;
}

function ipXml(ip: Ip, before: Element | undefined, own: Own): Element {
  const cidr = parseCidr(ip.subnet);
  const family = cidr?.family === 6 ? "ipv6" : undefined;
  const bare = el("ip", { family, address: gatewayOf(ip), prefix: cidr?.prefix });
  const kept = keeping(bare, before, {
    attributes: ["family", "address", "prefix", "netmask"],
    children: { dhcp: {} },
  });
  const dhcp = cidr === undefined ? undefined : dhcpXml(ip.dhcp, cidr, before, own);
  return el("ip", kept.attributes, ...kept.children, dhcp);
}

interface Own {
  readonly ownHosts: ReadonlySet<string>;
  /** Whether the inputs of the last deployment gave addresses: when they no longer do, nobody does. */
  readonly hadDhcp: boolean;
}

function dhcpXml(
  dhcp: Dhcp | undefined,
  cidr: Cidr,
  ip: Element | undefined,
  { ownHosts, hadDhcp }: Own,
): Element | undefined {
  if (dhcp === undefined && hadDhcp) return undefined;
  const before = find(ip, "dhcp");
  const ranges = (dhcp?.ranges ?? []).map((range) => rangeXml(range, before));
  const bare = el("dhcp", {}, ...ranges, ...(dhcp?.hosts ?? []).map(hostXml));
  const kept = keeping(bare, before, { children: { range: rangeModel, host: hostModel(cidr.family) } });
  const isMoved = ip !== undefined && !isOfSubnet(ip, formatSubnet(cidr));
  const others = childrenOf(before, "host").filter((element) => {
    const host = readHost(element);
    const address = parseAddress(host.address);
    const isLost = isMoved && address !== undefined && !contains(subnetOf(cidr), address);
    return !ownHosts.has(hostKey(host)) && !isLost;
  });
  return unlessEmpty(el("dhcp", kept.attributes, ...kept.children, ...others));
}

const rangeModel: Model = {
  attributes: ["start", "end"],
  children: { lease: { attributes: ["expiry", "unit"] } },
  keyOf: ({ attributes }) => attributes["start"],
};

/** How else it may be known is nothing that the inputs of its family say. */
function hostModel(family: Family): Model {
  return {
    attributes: ["name", "ip", family === 6 ? "id" : "mac"],
    keyOf: (host) => hostKey(readHost(host)),
  };
}

function rangeXml({ start, end, leaseTime }: DhcpRange, dhcp: Element | undefined): Element {
  const expiry = leaseTime === undefined ? undefined : parseDuration(leaseTime);
  const before = find(
    childrenOf(dhcp, "range").find(({ attributes }) => attributes["start"] === start),
    "lease",
  );
  const unsaid = before !== undefined && readLeaseTime(before) === undefined ? before : undefined;
  return el("range", { start, end }, expiry === undefined ? unsaid : el("lease", { expiry, unit: "seconds" }));
}

function hostXml({ mac, id, name, address }: DhcpHost): Element {
  return el("host", { mac, id, name, ip: address });
}
