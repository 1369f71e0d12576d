import {
  type Cidr,
  contains,
  formatAddress,
  hostAddresses,
  overlap,
  parseAddress,
  parseCidr,
  type Range,
} from "../../../ip";
import { parseDuration } from "../../../scalars";
import { type Report, reportTwice } from "../report";
import { gatewayOf } from "./gateway";
import type { Dhcp, DhcpHost, DhcpRange, Ip } from "./schema";

/** libvirt's own limit of a range of IPv6. */
const longestRange = 2n ** 16n;
const shortestLeaseSeconds = 120;

/** Of the subnet of one family. */
export function ipRules(ip: Ip, report: Report): void {
  const cidr = parseCidr(ip.subnet);
  if (cidr === undefined) return; // its own error says so
  if (ip.hostAddress !== undefined) checkInside(cidr, ["hostAddress"], ip.hostAddress, report);
  if (ip.dhcp !== undefined)
    checkDhcp(ip.dhcp, cidr, gatewayOf(ip), (path, message) => report(["dhcp", ...path], message));
}

function checkInside(cidr: Cidr, path: (string | number)[], text: string, report: Report): void {
  const [address, hosts] = [parseAddress(text), hostAddresses(cidr)];
  if (address === undefined || contains(hosts, address)) return;
  const [first, last] = [hosts.first, hosts.last].map((value) => formatAddress({ family: cidr.family, value }));
  report(path, `${text} is not a host's address in the subnet; choose one from ${first ?? ""} to ${last ?? ""}`);
}

function checkDhcp(dhcp: Dhcp, cidr: Cidr, gateway: string, report: Report): void {
  if (dhcp.ranges.length + dhcp.hosts.length === 0)
    report([], "gives out nothing; add ranges or hosts, or leave it out");
  dhcp.ranges.forEach((range, index) =>
    checkRange(range, cidr, gateway, (path, message) => report(["ranges", index, ...path], message)),
  );
  checkRangesApart(dhcp.ranges, report);
  dhcp.hosts.forEach(({ address }, index) => {
    const path = ["hosts", index, "address"];
    checkInside(cidr, path, address, report);
    if (address === gateway) report(path, `${gateway} is the host's own address; choose another`);
  });
  checkHostsDiffer(dhcp.hosts, report);
}

function checkRange({ start, end, leaseTime }: DhcpRange, cidr: Cidr, gateway: string, report: Report): void {
  checkInside(cidr, ["start"], start, report);
  checkInside(cidr, ["end"], end, report);
  const [range, own] = [rangeOf({ start, end }), parseAddress(gateway)];
  if (range !== undefined && range.last < range.first)
    report(["end"], `${end} comes before the range's start ${start}; swap them`);
  if (range !== undefined && cidr.family === 6 && range.last - range.first >= longestRange)
    report(["end"], `${end} makes the range longer than libvirt allows; end it within 65536 addresses of ${start}`);
  if (range !== undefined && own !== undefined && contains(range, own))
    report([], `holds the host's own address ${gateway}; leave that out of the range`);
  if (leaseTime !== undefined && (parseDuration(leaseTime) ?? shortestLeaseSeconds) < shortestLeaseSeconds)
    report(["leaseTime"], `${leaseTime} is too short; give 2m or more`);
}

function checkRangesApart(ranges: readonly DhcpRange[], report: Report): void {
  const parsed = ranges.map(rangeOf);
  parsed.forEach((range, index) => {
    const first = parsed.findIndex((other) => other !== undefined && range !== undefined && overlap(other, range));
    if (first !== -1 && first < index)
      report(["ranges", index], `overlaps ranges[${first}]; set them apart, or make them one`);
  });
}

function checkHostsDiffer(hosts: readonly DhcpHost[], report: Report): void {
  for (const field of ["mac", "id", "address", "name"] as const) {
    reportTwice(
      hosts.map((host) => host[field]),
      (index, first, text) =>
        report(["hosts", index, field], `${text} is given to hosts[${first}] already; choose another`),
    );
  }
}

function rangeOf({ start, end }: DhcpRange): Range | undefined {
  const [first, last] = [parseAddress(start), parseAddress(end)];
  return first && last && { family: first.family, first: first.value, last: last.value };
}
