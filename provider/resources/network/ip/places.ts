import { at, each, filled, object, type Place, type Places, read, write } from "../../../format/place";
import { childrenOf, el, find, withAttributes, withChild } from "../../../format/xml";
import { cidrOf, isOfFamily } from "../../../libvirt/network-ip";
import { type Family, formatSubnet, parseCidr } from "../../../values/ip";
import { duration, parseDuration } from "../../../values/scalars";
import { address, lowerCase } from "../spelling";
import { gatewayOf } from "./gateway";
import type { DhcpRange, Ip, Ipv4, Ipv6 } from "./schema";

/** The host's default address is the first one. */
export const subnet: Place<string> = {
  write: (ip, text) => withAttributes(ip, { address: gatewayOf({ subnet: text }), prefix: parseCidr(text)?.prefix }),
  read: (ip) => {
    const cidr = cidrOf(ip);
    return cidr && formatSubnet(cidr);
  },
};

/** libvirt's default unit is the minute. Undefined also for an unlimited lease, which the inputs don't support. */
const leaseTime: Place<string> = {
  write: (range, text) => withChild(range, "lease", el("lease", { expiry: parseDuration(text), unit: "seconds" })),
  read: (range) => {
    const { expiry, unit = "minutes" } = find(range, "lease")?.attributes ?? {};
    return duration.safeParse(`${expiry ?? ""}${unit.charAt(0)}`).data;
  },
};

const range = object<DhcpRange>({ start: at("@start"), end: at("@end"), leaseTime });

interface Dhcp<Host> {
  ranges: DhcpRange[];
  hosts: Host[];
}

/** For both families; only the keys of their fixed hosts differ. */
function ipPlaces<Host extends object>(host: Places<Host>): Places<Omit<Ip, "dhcp"> & { dhcp?: Dhcp<Host> }> {
  return {
    subnet,
    hostAddress: at("@address", address),
    dhcp: filled<Dhcp<Host>>("dhcp", { ranges: each("range", range), hosts: each("host", object(host)) }),
  };
}

export const ipv4Place = ofFamily<Ipv4>(
  4,
  ipPlaces<HostOf<Ipv4>>({ mac: at("@mac", lowerCase), name: at("@name"), address: at("@ip", address) }),
);

export const ipv6Place = ofFamily<Ipv6>(
  6,
  ipPlaces<HostOf<Ipv6>>({ id: at("@id"), name: at("@name"), address: at("@ip", address) }),
);

type HostOf<Of extends Ipv4 | Ipv6> = NonNullable<Of["dhcp"]>["hosts"][number];

/** The network's first subnet of that family. */
function ofFamily<Values extends Ipv4 | Ipv6>(family: Family, places: Places<Values>): Place<Values> {
  return {
    write: (network, values) => {
      const ip = write(el("ip", { family: family === 6 ? "ipv6" : undefined }), places, values);
      return el(network.name, network.attributes, ...network.children, ip);
    },
    read: (network) => {
      const ip = childrenOf(network, "ip").find((candidate) => isOfFamily(candidate, family));
      return ip === undefined || cidrOf(ip) === undefined ? undefined : (read(ip, places) as Values);
    },
  };
}
