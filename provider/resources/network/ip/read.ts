import { childrenOf, type Element, find } from "../../../format/xml";
import { cidrOf } from "../../../libvirt/network-ip";
import { formatAddress, formatSubnet, parseAddress } from "../../../values/ip";
import { duration } from "../../../values/scalars";
import { gatewayOf } from "./gateway";
import type { Dhcp, DhcpHost, DhcpRange, Ip } from "./schema";

/** @param asked what the program gives: the host's default address, and hosts that machines added, are no drift */
export function readIp(ip: Element, asked: Ip | undefined): Ip | undefined {
  const cidr = cidrOf(ip);
  if (cidr === undefined) return undefined;
  const subnet = formatSubnet(cidr);
  const address = formatAddress(cidr);
  const hostAddress = asked?.hostAddress === undefined && address === gatewayOf({ subnet }) ? undefined : address;
  return { subnet, hostAddress, dhcp: readDhcp(find(ip, "dhcp"), asked?.dhcp?.hosts ?? []) };
}

function readDhcp(dhcp: Element | undefined, asked: readonly DhcpHost[]): Dhcp | undefined {
  const ranges = childrenOf(dhcp, "range").map(readRange);
  const keys = asked.map(hostKey);
  const hosts = childrenOf(dhcp, "host")
    .map(readHost)
    .filter((host) => keys.includes(hostKey(host)));
  return ranges.length + hosts.length === 0 ? undefined : { ranges, hosts };
}

function readRange(range: Element): DhcpRange {
  const { start = "", end = "" } = range.attributes;
  return { start, end, leaseTime: readLeaseTime(find(range, "lease")) };
}

/** libvirt counts in minutes where no unit is named. Undefined also of one without end, which the inputs can't say. */
export function readLeaseTime(lease: Element | undefined): string | undefined {
  const { expiry, unit = "minutes" } = lease?.attributes ?? {};
  return duration.safeParse(`${expiry ?? ""}${unit.charAt(0)}`).data;
}

export function readHost({ attributes: { mac, id, name, ip = "" } }: Element): DhcpHost {
  const address = parseAddress(ip);
  return { mac: mac?.toLowerCase(), id, name, address: address === undefined ? ip : formatAddress(address) };
}

/** What makes a host the same after a change: IPv6 knows no MAC addresses. */
export function hostKey({ mac, name, id }: Omit<DhcpHost, "address">): string {
  return mac ?? name ?? id ?? "";
}
