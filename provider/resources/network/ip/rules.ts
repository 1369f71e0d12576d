import { each } from "../../../resource/known";
import { differ, eachIn, type Report, type Rule, together, within } from "../../../resource/rules";
import {
  contains,
  formatAddress,
  hostAddresses,
  overlap,
  parseAddress,
  parseCidr,
  type Range,
} from "../../../values/ip";
import { parseDuration } from "../../../values/scalars";
import { gatewayOf } from "./gateway";
import type { Dhcp, DhcpRange, Ip } from "./schema";

/** libvirt's own limit of an IPv6 range. */
const longestRange = 2n ** 16n;
const shortestLeaseSeconds = 120;

/** Checks that an address is one of a host in the subnet. Invalid addresses and subnets have their own errors. */
function isInside<Key extends string>(key: Key): Rule<Readonly<Partial<Record<Key, string | undefined>>>, Ip> {
  return (value, report, { subnet }) => {
    const text = value[key];
    const [address, cidr] = [parseAddress(text ?? ""), parseCidr(subnet)];
    if (text === undefined || address === undefined || cidr === undefined) return;
    const hosts = hostAddresses(cidr);
    if (contains(hosts, address)) return;
    const [first, last] = [hosts.first, hosts.last].map((value) => formatAddress({ family: cidr.family, value }));
    report([key], `${text} is not a host's address in the subnet; choose one from ${first ?? ""} to ${last ?? ""}`);
  };
}

const rangeRules: readonly Rule<DhcpRange, Ip>[] = [
  isInside("start"),
  isInside("end"),
  ({ start, end }, report) => {
    const range = rangeOf({ start, end });
    if (range !== undefined && range.last < range.first)
      report(["end"], `${end} comes before the range's start ${start}; swap them`);
  },
  ({ start, end }, report) => {
    const range = rangeOf({ start, end });
    if (range?.family === 6 && range.last - range.first >= longestRange)
      report(["end"], `${end} makes the range longer than libvirt allows; end it within 65536 addresses of ${start}`);
  },
  ({ start, end }, report, ip) => {
    const gateway = gatewayOf(ip);
    const [range, own] = [rangeOf({ start, end }), parseAddress(gateway)];
    if (range !== undefined && own !== undefined && contains(range, own))
      report([], `contains the host's own address ${gateway}; exclude it from the range`);
  },
  ({ leaseTime }, report) => {
    if (leaseTime !== undefined && (parseDuration(leaseTime) ?? shortestLeaseSeconds) < shortestLeaseSeconds)
      report(["leaseTime"], `${leaseTime} is too short; give 2m or more`);
  },
];

function rangesApart({ ranges }: Dhcp, report: Report): void {
  const parsed = each(ranges, rangeOf);
  parsed.forEach((range, index) => {
    const first = parsed.findIndex((other) => other !== undefined && range !== undefined && overlap(other, range));
    if (first !== -1 && first < index)
      report(["ranges", index], `overlaps ranges[${first}]; separate them, or combine them`);
  });
}

/** The rules of one family's subnet. */
export const ipRules = together<Ip>(
  isInside("hostAddress"),
  within(
    "dhcp",
    ({ ranges, hosts }, report) => {
      if (ranges.length + hosts.length === 0) report([], "gives no addresses; add ranges or hosts, or remove it");
    },
    eachIn("ranges", ...rangeRules),
    rangesApart,
    eachIn("hosts", isInside("address"), ({ address }, report, ip) => {
      if (address === gatewayOf(ip)) report(["address"], `${address} is the host's own address; choose another`);
    }),
    differ(
      "hosts",
      ["mac", "id", "address", "name"],
      (text, first) => `${text} is already given to hosts[${first}]; choose another`,
    ),
  ),
);

function rangeOf({ start, end }: Pick<DhcpRange, "start" | "end">): Range | undefined {
  const [first, last] = [parseAddress(start), parseAddress(end)];
  return first && last && { family: first.family, first: first.value, last: last.value };
}
