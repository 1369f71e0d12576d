import { z } from "zod";
import * as scalar from "../../../values/scalars";

/** The fields of a subnet that both families have. */
export type Ip = Pick<Ipv4, "subnet" | "hostAddress"> & { readonly dhcp?: Dhcp | undefined };

export interface Dhcp {
  readonly ranges: readonly DhcpRange[];
  readonly hosts: readonly DhcpHost[];
}

export type DhcpRange = Ipv4Dhcp["ranges"][number];

export interface DhcpHost {
  readonly address: string;
  readonly name?: string | undefined;
  readonly mac?: string | undefined;
  readonly id?: string | undefined;
}

const hostName = scalar.hostName.meta({
  description: "Host name of the guest, for the guest itself and for DNS.",
  sets: "ip/dhcp/host/@name",
});

export const ipv4 = z.strictObject({
  subnet: scalar.subnet4.meta({ description: "IPv4 subnet in CIDR notation.", sets: "ip/@address, ip/@prefix" }),
  hostAddress: hostAddressOf(scalar.ipv4),
  dhcp: dhcpOf(
    rangeOf(scalar.ipv4),
    z.strictObject({
      mac: scalar.macAddress.meta({
        description: "MAC address of the guest's network interface.",
        sets: "ip/dhcp/host/@mac",
      }),
      address: fixedAddressOf(scalar.ipv4),
      name: hostName.optional(),
    }),
  ),
});

export const ipv6 = z.strictObject({
  subnet: scalar.subnet6.meta({
    description:
      "IPv6 subnet in CIDR notation. Guests can configure their own addresses only with the prefix length 64.",
    sets: "ip[@family='ipv6']/@address, ip/@prefix",
  }),
  hostAddress: hostAddressOf(scalar.ipv6),
  dhcp: dhcpOf(
    rangeOf(scalar.ipv6),
    z.strictObject({
      id: scalar.duid.optional().meta({
        description: "The guest's DHCP unique identifier (DUID). Default: only its name identifies it.",
        sets: "ip/dhcp/host/@id",
      }),
      name: hostName,
      address: fixedAddressOf(scalar.ipv6),
    }),
  ),
});

export type Ipv4 = z.infer<typeof ipv4>;
export type Ipv6 = z.infer<typeof ipv6>;
type Ipv4Dhcp = NonNullable<Ipv4["dhcp"]>;

function hostAddressOf(address: z.ZodType<string>) {
  return address.optional().meta({
    description: "The host's own address in the subnet, the guests' gateway. Default: the subnet's first address.",
    sets: "ip/@address",
  });
}

function fixedAddressOf(address: z.ZodType<string>) {
  return address.meta({ description: "The guest's fixed address.", sets: "ip/dhcp/host/@ip" });
}

function rangeOf(address: z.ZodType<string>) {
  return z.strictObject({
    start: address.meta({ description: "First address of the range.", sets: "ip/dhcp/range/@start" }),
    end: address.meta({ description: "Last address of the range.", sets: "ip/dhcp/range/@end" }),
    leaseTime: scalar.duration.optional().meta({
      description:
        "How long a guest may keep an address without a renewal, at least `2m`. Default: dnsmasq's, one hour.",
      sets: "ip/dhcp/range/lease/@expiry",
    }),
  });
}

function dhcpOf<Range extends z.ZodType, Host extends z.ZodType>(range: Range, host: Host) {
  return z
    .strictObject({
      ranges: z
        .array(range)
        .default([])
        .meta({ description: "Addresses for guests without a fixed one.", sets: "ip/dhcp/range" }),
      hosts: z.array(host).default([]).meta({ description: "Guests with a fixed address.", sets: "ip/dhcp/host" }),
    })
    .optional()
    .meta({ description: "Addresses by DHCP. Default: no DHCP.", sets: "ip/dhcp" });
}
