import { isIP } from "node:net";
import { z } from "zod";
import { parseCidr } from "../../values/ip";
import { deviceName, ipv4, macAddress } from "../../values/scalars";

/** An address with the length of its subnet's prefix, IPv4 or IPv6. */
const interfaceAddress = z
  .string()
  .refine((text) => parseCidr(text) !== undefined, {
    error: ({ input }) =>
      `"${String(input)}" is not an address with prefix length; write it like "172.16.1.10/24" or "2001:db8::10/64"`,
  })
  .meta({ kind: "address with prefix length", example: "172.16.1.10/24" });

const ipAddress = z.string().refine((text) => isIP(text) !== 0, {
  error: ({ input }) => `"${String(input)}" is not an IP address; write it like "172.16.1.1"`,
});

const ipv6 = z.string().refine((text) => isIP(text) === 6, {
  error: ({ input }) => `"${String(input)}" is not an IPv6 address; write it like "2001:db8::1"`,
});

const searchDomain = z.string().regex(/^(?!-)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*$/, {
  error: ({ input }) => `"${String(input)}" is not a domain name`,
});

const vlan = z.strictObject({
  id: z.int().min(1).max(4094).meta({ description: "Number of the VLAN, 1 to 4094.", sets: "802.1Q tag" }),
  link: deviceName.meta({ description: "The interface that carries it.", sets: "802.1Q link" }),
});

const bond = z.strictObject({
  interfaces: z
    .array(deviceName)
    .min(1)
    .meta({ description: "The interfaces that are bonded.", sets: "bonding: slaves" }),
  mode: z
    .enum(["active-backup", "802.3ad", "balance-rr", "balance-xor", "broadcast", "balance-tlb", "balance-alb"])
    .default("active-backup")
    .meta({ description: "How they share the work.", sets: "bonding: mode" }),
});

const networkInterface = z.strictObject({
  name: deviceName.optional().meta({
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
  gateway: ipv4.optional().meta({
    description: "Address of the router, in the subnet of an address. Default: none.",
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
  vlan: vlan.optional().meta({
    description: "Makes it a VLAN of another interface; it needs a `name`.",
    sets: "the installer's network configuration",
  }),
  bond: bond.optional().meta({
    description: "Makes it a bond of other interfaces; it needs a `name`.",
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
