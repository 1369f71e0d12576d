import { z } from "zod";
import * as scalar from "../../scalars";
import { networkRules } from "./rules";

const host = z.strictObject({
  mac: scalar.macAddress.meta({ description: "MAC address of the guest's network interface.", sets: "dhcp/host/@mac" }),
  address: scalar.ipv4.meta({ description: "The address that this guest always gets.", sets: "dhcp/host/@ip" }),
  name: scalar.hostName
    .optional()
    .meta({ description: "Host name that the guest is told and that DNS answers.", sets: "dhcp/host/@name" }),
});

const dhcp = z.strictObject({
  start: scalar.ipv4.meta({
    description: "First address of the range for guests without a fixed one.",
    sets: "dhcp/range/@start",
  }),
  end: scalar.ipv4.meta({ description: "Last address of that range.", sets: "dhcp/range/@end" }),
  hosts: z.array(host).default([]).meta({ description: "Guests with a fixed address.", sets: "dhcp/host" }),
});

export const networkInputs = z
  .strictObject({
    connection: scalar.connection,
    name: scalar.name.meta({ description: "Name of the libvirt network. Default: the resource's name.", sets: "name" }),
    mode: z.enum(["nat", "isolated", "route", "bridge"]).default("nat").meta({
      description:
        "How guests reach other networks: through the host's address (nat), not at all (isolated), routed by the host (route), or as peers on a bridge that the host has (bridge).",
      sets: "forward/@mode",
    }),
    subnet: scalar.subnet4.optional().meta({
      description:
        "IPv4 subnet in CIDR notation; required by nat and route. Without one, an isolated network has no address on the host.",
      sets: "ip/@address, ip/@prefix",
    }),
    hostAddress: scalar.ipv4.optional().meta({
      description:
        "The host's own address in the subnet, which is the guests' gateway. Default: the subnet's first address.",
      sets: "ip/@address",
    }),
    domain: scalar.domainName
      .optional()
      .meta({ description: "DNS domain of the guests, answered by the network itself.", sets: "domain/@name" }),
    dhcp: dhcp.optional().meta({ description: "Addresses by DHCP. Default: none are given out.", sets: "ip/dhcp" }),
    bridge: scalar.deviceName.optional().meta({
      description:
        "Name of the bridge: with mode bridge the host's own, which must exist; else of the one that libvirt makes (default: its next free virbrN).",
      sets: "bridge/@name",
    }),
    device: scalar.deviceName.optional().meta({
      description:
        "Device of the host that traffic leaves by, for nat and route. Default: whatever the host's routes say.",
      sets: "forward/@dev",
    }),
    autostart: z.boolean().default(true).meta({ description: "Whether it starts with the host.", sets: "autostart" }),
  })
  .superRefine(networkRules);

export type NetworkInputs = z.infer<typeof networkInputs>;
export type DhcpHost = z.infer<typeof host>;

export interface NetworkOutputs {
  readonly uuid: string;
  /** The bridge's name, as libvirt chose it or as given. */
  readonly bridgeName: string;
}
