import { childrenOf, el, type Element, find } from "../../../format/xml";
import { type Cidr, contains, parseAddress, parseCidr, subnetOf } from "../../../ip";
import { networkIp } from "../../../libvirt/network-ip";
import { parseDuration } from "../../../scalars";
import { gatewayOf } from "./gateway";
import { hostKey, readHost } from "./read";
import type { Dhcp, DhcpHost, DhcpRange, Ip } from "./schema";

/** What of a network's present definition stays, although the inputs don't say it. */
export interface Kept {
  readonly present: Element;
  /** The inputs' hosts, also those that were there before; all others are machines'. */
  readonly ownHosts: readonly DhcpHost[];
}

export function ipXml(ip: Ip, kept: Kept): Element {
  const cidr = parseCidr(ip.subnet);
  const before = networkIp(kept.present, cidr?.family ?? 4)?.element;
  return el(
    "ip",
    {
      family: cidr?.family === 6 ? "ipv6" : undefined,
      address: gatewayOf(ip),
      prefix: cidr?.prefix,
      localPtr: before?.attributes["localPtr"],
    },
    ...childrenOf(before, "tftp"),
    ip.dhcp === undefined || cidr === undefined ? undefined : dhcpXml(ip.dhcp, cidr, find(before, "dhcp"), kept),
  );
}

function dhcpXml({ ranges, hosts }: Dhcp, cidr: Cidr, before: Element | undefined, { ownHosts }: Kept): Element {
  const own = new Set(ownHosts.map(hostKey));
  const foreign = childrenOf(before, "host").filter((element) => {
    const host = readHost(element);
    const address = parseAddress(host.address);
    return !own.has(hostKey(host)) && address !== undefined && contains(subnetOf(cidr), address);
  });
  // bootp: boot by network, which isn't modelled.
  return el("dhcp", {}, ...ranges.map(rangeXml), ...hosts.map(hostXml), ...foreign, ...childrenOf(before, "bootp"));
}

function rangeXml({ start, end, leaseTime }: DhcpRange): Element {
  const expiry = leaseTime === undefined ? undefined : parseDuration(leaseTime);
  return el("range", { start, end }, expiry === undefined ? undefined : el("lease", { expiry, unit: "seconds" }));
}

function hostXml({ mac, id, name, address }: DhcpHost): Element {
  return el("host", { mac, id, name, ip: address });
}
