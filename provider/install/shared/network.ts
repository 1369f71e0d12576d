import { z } from "zod";
import { formatSubnet, parseAddress, parseCidr, subnetOf } from "../../values/ip";
import { ipv4, macAddress } from "../../values/scalars";

/** Shell scripts and configurations of the new system have it as a word, and files have it in their names. */
const linkName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/, {
    error: ({ input }) =>
      `"${String(input)}" is not the name of an interface; use 1 to 15 letters, digits, dots, hyphens and underscores, with a letter or digit first`,
  })
  .meta({ kind: "interface name", example: "enp1s0" });

/** An address with the length of its subnet's prefix, IPv4 or IPv6. */
const interfaceAddress = z
  .string()
  .refine((text) => parseCidr(text) !== undefined, {
    error: ({ input }) =>
      `"${String(input)}" is not an address with prefix length; write it like "172.16.1.10/24" or "2001:db8::10/64"`,
  })
  .meta({ kind: "address with prefix length", example: "172.16.1.10/24" });

const ipAddress = z.string().refine((text) => parseAddress(text) !== undefined, {
  error: ({ input }) => `"${String(input)}" is not an IP address; ${remedyForAddress(String(input), "172.16.1.1")}`,
});

const ipv6 = z.string().refine((text) => parseAddress(text)?.family === 6, {
  error: ({ input }) => `"${String(input)}" is not an IPv6 address; ${remedyForAddress(String(input), "2001:db8::1")}`,
});

/** Not each installer reads a zone, and the interface is known where the address is given. */
function remedyForAddress(text: string, example: string): string {
  return parseAddress(text.replace(/%.*/, "")) !== undefined
    ? "leave out the zone after %"
    : `write it like "${example}"`;
}

const searchDomain = z.string().regex(/^(?!-)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*$/, {
  error: ({ input }) => `"${String(input)}" is not a domain name`,
});

const subnet = z
  .string()
  .refine(isSubnet, {
    error: ({ input }) => `"${String(input)}" is not a subnet; ${remedyForSubnet(String(input))}`,
  })
  .meta({ kind: "subnet", example: "10.0.0.0/8" });

function isSubnet(text: string): boolean {
  const cidr = parseCidr(text);
  return cidr !== undefined && cidr.prefix > 0 && subnetOf(cidr).first === cidr.value;
}

function remedyForSubnet(text: string): string {
  const cidr = parseCidr(text);
  if (cidr?.prefix === 0) return "give the router of the default route as `gateway` or `gateway6`";
  return cidr === undefined ? 'write it like "10.0.0.0/8" or "2001:db8::/32"' : `write ${formatSubnet(cidr)}`;
}

/** In milliseconds, as NetworkManager has it by itself. Without any check of the links a bond would stay with a failed one. */
export const defaultMiimon = 100;

const vlan = z.strictObject({
  id: z.int().min(1).max(4094).meta({ description: "Number of the VLAN, 1 to 4094.", sets: "802.1Q tag" }),
  link: linkName.meta({ description: "The interface that carries it.", sets: "802.1Q link" }),
});

const bond = z.strictObject({
  interfaces: z
    .array(linkName)
    .min(1)
    .meta({ description: "The interfaces that are bonded.", sets: "bonding: slaves" }),
  mode: z
    .enum(["active-backup", "802.3ad", "balance-rr", "balance-xor", "broadcast", "balance-tlb", "balance-alb"])
    .default("active-backup")
    .meta({ description: "How they share the work.", sets: "bonding: mode" }),
  primary: linkName.optional().meta({
    description:
      "The interface that is used while it has a link; with active-backup, balance-tlb and balance-alb only. Default: none.",
    sets: "bonding: primary",
  }),
  miimon: z
    .int()
    .min(1)
    .max(60_000)
    .default(defaultMiimon)
    .meta({ description: "How often the links are checked, in milliseconds.", sets: "bonding: miimon" }),
  lacpRate: z.enum(["slow", "fast"]).optional().meta({
    description: "How often the partner sends LACPDUs; with 802.3ad only. Default: the kernel's own, slow.",
    sets: "bonding: lacp_rate",
  }),
  transmitHashPolicy: z.enum(["layer2", "layer2+3", "layer3+4", "encap2+3", "encap3+4"]).optional().meta({
    description:
      "What decides which interface sends a packet; with 802.3ad, balance-xor and balance-tlb only. Default: the kernel's own, layer2.",
    sets: "bonding: xmit_hash_policy",
  }),
});

const bridge = z.strictObject({
  interfaces: z.array(linkName).min(1).meta({ description: "The interfaces that are bridged.", sets: "bridge: ports" }),
  stp: z
    .boolean()
    .default(false)
    .meta({ description: "Whether it speaks the Spanning Tree Protocol.", sets: "bridge: stp" }),
});

const route = z.strictObject({
  to: subnet.meta({ description: "Subnet that is reached by the route.", sets: "route: destination" }),
  via: ipAddress.meta({
    description: "Address of the router; it lies in the subnet of one of the interface's addresses.",
    sets: "route: gateway",
  }),
  metric: z.int().min(1).max(4_294_967_295).optional().meta({
    description: "Of two routes to a subnet, the one with the lower metric is used. Default: the system's own.",
    sets: "route: metric",
  }),
});

const networkInterface = z.strictObject({
  name: linkName.optional().meta({
    description: "Name in the new system, such as enp1s0. Default: the first interface that has a link.",
    sets: "the installer's network configuration",
  }),
  mac: macAddress.optional().meta({
    description: "MAC address by which the interface is found, where its name is not known beforehand.",
    sets: "the installer's network configuration",
  }),
  addresses: z.array(interfaceAddress).default([]).meta({
    description: "Fixed addresses with the lengths of their subnets' prefixes. Default: by DHCP.",
    sets: "the installer's network configuration",
  }),
  dhcp4: z.boolean().optional().meta({
    description:
      "Whether an address of IPv4 is obtained by DHCP. With false and without `addresses` the interface has no address at all, as the carrier of a VLAN may. Default: true without `addresses`, else false; false for the interfaces of bonds and bridges.",
    sets: "the installer's network configuration",
  }),
  acceptRa: z.boolean().optional().meta({
    description:
      "Whether IPv6 is configured by router advertisements, and by DHCPv6 where they say so. Default: as the distribution does it; false for an interface without any address.",
    sets: "the installer's network configuration",
  }),
  gateway: ipv4.optional().meta({
    description:
      "Address of the router, in the subnet of an address; with a /32 anywhere on the same link. Default: none.",
    sets: "the installer's network configuration",
  }),
  gateway6: ipv6.optional().meta({
    description: "Address of the router for IPv6. Default: none.",
    sets: "the installer's network configuration",
  }),
  dns: z
    .array(ipAddress)
    .default([])
    .meta({ description: "Addresses of name servers.", sets: "the installer's network configuration" }),
  search: z.array(searchDomain).default([]).meta({
    description: "Domains in which short names are looked up.",
    sets: "the installer's network configuration",
  }),
  routes: z.array(route).default([]).meta({
    description: "Static routes, in addition to the default route by `gateway` and `gateway6`.",
    sets: "the installer's network configuration",
  }),
  mtu: z.int().min(68).max(65_535).optional().meta({
    description: "Largest packet that the interface sends, in bytes. Default: the kernel's own, 1500.",
    sets: "the installer's network configuration",
  }),
  vlan: vlan.optional().meta({
    description: "Makes it a VLAN of another interface; it needs a `name`.",
    sets: "the installer's network configuration",
  }),
  bond: bond.optional().meta({
    description: "Makes it a bond of other interfaces; it needs a `name`.",
    sets: "the installer's network configuration",
  }),
  bridge: bridge.optional().meta({
    description: "Makes it a bridge of other interfaces; it needs a `name`.",
    sets: "the installer's network configuration",
  }),
});

/** The interfaces of the new system; the first is the one that the installer uses. */
export const network = z.strictObject({
  interfaces: z.array(networkInterface).min(1).meta({
    description: "Interfaces; the first one is the installer's too. Those that are not named here are left alone.",
    sets: "the installer's network configuration",
  }),
});

export type NetworkOptions = z.output<typeof network>;
export type NetworkInterface = NetworkOptions["interfaces"][number];
export type Bond = NonNullable<NetworkInterface["bond"]>;
