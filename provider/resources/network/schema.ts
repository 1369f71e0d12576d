import { z } from "zod";
import type { OutputsOf } from "../../resource/outputs";
import * as scalar from "../../values/scalars";
import { xmlTexts } from "../../values/xml-texts";
import { dns } from "./dns/schema";
import { ipv4, ipv6 } from "./ip/schema";
import { networkRules } from "./rules";

const modes = ["nat", "isolated", "route", "open", "bridge", "private", "vepa", "passthrough"] as const;

export const nat = z.strictObject({
  ports: z
    .strictObject({
      start: z.int().min(1).max(65535).meta({ description: "First port.", sets: "forward/nat/port/@start" }),
      end: z.int().min(1).max(65535).meta({ description: "Last port.", sets: "forward/nat/port/@end" }),
    })
    .optional()
    .meta({
      description: "Ports of the host's address that guests' connections leave by. Default: 1024 to 65535.",
      sets: "forward/nat/port",
    }),
  ipv6: z.boolean().default(false).meta({
    description: "Whether IPv6 leaves by the host's address too; else it is routed.",
    sets: "forward/nat/@ipv6",
  }),
});

const domain = z.strictObject({
  name: scalar.domainName.meta({ description: "DNS domain of the guests.", sets: "domain/@name" }),
  localOnly: z.boolean().default(true).meta({
    description: "Whether the network alone answers for names of the domain, so that no other DNS server is asked.",
    sets: "domain/@localOnly",
  }),
});

const route = z.strictObject({
  destination: scalar.destination.meta({
    description: "Subnet, of IPv4 or IPv6, that lies behind the gateway.",
    sets: "route/@address, route/@prefix",
  }),
  gateway: scalar.ipAddress.meta({ description: "Address of a guest that routes to it.", sets: "route/@gateway" }),
  metric: z
    .int()
    .min(1)
    .max(2 ** 32 - 1)
    .optional()
    .meta({ description: "Of several routes, the one with the lowest is taken. Default: 1.", sets: "route/@metric" }),
});

const portGroup = z.strictObject({
  name: scalar.deviceName.meta({ description: "Name that machines choose it by.", sets: "portgroup/@name" }),
  default: z.boolean().default(false).meta({
    description: "Whether guests that name no port group are in this one.",
    sets: "portgroup/@default",
  }),
  vlans: z.array(z.int().min(1).max(4094)).default([]).meta({
    description: "VLAN tags of the guests' frames; several make it a trunk.",
    sets: "portgroup/vlan/tag/@id, portgroup/vlan/@trunk",
  }),
});

export const networkInputs = z
  .strictObject({
    connection: scalar.connection,
    name: scalar.name.meta({
      description: "Name of the libvirt network. Default: the resource's name.",
      sets: "name",
      property: true,
    }),
    adopt: scalar.adopt,
    deleteAdopted: scalar.deleteAdopted,
    allowRestart: z.boolean().default(false).meta({
      description:
        "Whether a change that needs it restarts the network at once, although running machines are plugged in: they lose their connection for about a second, and are plugged in again. Else the change waits for the network's next restart.",
    }),
    mode: z.enum(modes).default("nat").meta({
      description:
        "How guests reach other networks: through the host's address (nat), not at all (isolated), routed by the host with libvirt's firewall rules (route) or without any (open), on a bridge that the host has or a device's macvtap (bridge), or by a device's macvtap in one of its other modes (private, vepa, passthrough).",
      sets: "forward/@mode",
    }),
    devices: z.array(scalar.deviceName).default([]).meta({
      description:
        "Devices of the host: of nat and route the one that traffic leaves by, of bridge, private, vepa and passthrough those that guests are put on (passthrough: one guest a device).",
      sets: "forward/@dev, forward/interface/@dev",
    }),
    bridge: scalar.deviceName.optional().meta({
      description:
        "Name of the bridge: with mode bridge the host's own, which must exist; else of the one that libvirt makes (default: its next free virbrN).",
      sets: "bridge/@name",
    }),
    virtualPort: z
      .enum(["openvswitch"])
      .optional()
      .meta({ description: "Kind of the host's bridge. Default: Linux's own.", sets: "virtualport/@type" }),
    nat: nat.optional().meta({ description: "How mode nat translates. Default: libvirt's way.", sets: "forward/nat" }),
    mtu: z.int().min(68).max(65535).optional().meta({
      description: "Longest packet in bytes. Default: 1500.",
      sets: "mtu/@size",
    }),
    ipv4: ipv4.optional().meta({ description: "IPv4 in this network. Default: none.", sets: "ip" }),
    ipv6: ipv6.optional().meta({ description: "IPv6 in this network. Default: none.", sets: "ip[@family='ipv6']" }),
    routes: z.array(route).default([]).meta({ description: "Static routes of the host.", sets: "route" }),
    domain: domain.optional().meta({ description: "DNS domain of the guests. Default: none.", sets: "domain" }),
    dns: dns.optional().meta({
      description: "What DNS answers in this network. Default: the guests' names, and what the host's resolver says.",
      sets: "dns",
    }),
    portGroups: z.array(portGroup).default([]).meta({
      description: "Groups of guests with the same VLANs.",
      sets: "portgroup",
    }),
    dnsmasqOptions: z
      .array(z.string().regex(/^[^\n]+$/, { error: "must be one line" }))
      .default([])
      .meta({
        description: "Lines for dnsmasq's configuration that libvirt doesn't look at.",
        sets: "dnsmasq:options/dnsmasq:option/@value",
      }),
    autostart: z.boolean().default(true).meta({ description: "Whether it starts with the host.", sets: "autostart" }),
    running: z.boolean().default(true).meta({
      description:
        "Whether it runs: one that was stopped is started again, and running machines that it had are plugged in again. It can't be stopped while running machines are plugged in, whatever allowRestart says, for they would stay without connection.",
    }),
  })
  .meta({ description: "A libvirt virtual network: NAT, isolated or routed, or a bridge or device that the host has." })
  .superRefine(xmlTexts())
  .superRefine(networkRules);

export type NetworkInputs = z.infer<typeof networkInputs>;
export type PortGroup = z.infer<typeof portGroup>;
export type Route = z.infer<typeof route>;

export const networkOutputs = z.object({
  uuid: z.string().meta({ description: "UUID of the libvirt network." }),
  bridgeName: z.string().meta({
    description: "Name of the network's bridge on the host; empty where guests are on devices.",
  }),
  waitingForRestart: z.array(z.string()).meta({
    description: "Paths of the fields whose change waits for the network's next restart.",
  }),
  notInForce: z.array(z.string()).meta({
    description:
      "What the next `up` does to the running network although no input changes, in sentences: others have changed it.",
  }),
});

export type NetworkOutputs = OutputsOf<typeof networkOutputs>;
