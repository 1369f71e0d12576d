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
      description: "Ports of the host's address for the guests' outgoing connections. Default: 1024 to 65535.",
      sets: "forward/nat/port",
    }),
  ipv6: z.boolean().default(false).meta({
    description: "Whether IPv6 also uses the host's address; otherwise it is routed.",
    sets: "forward/nat/@ipv6",
  }),
});

const domain = z.strictObject({
  name: scalar.domainName.meta({ description: "DNS domain of the guests.", sets: "domain/@name" }),
  localOnly: z.boolean().default(true).meta({
    description:
      "Whether only the network answers for names of the domain. Then they are not forwarded to another DNS server.",
    sets: "domain/@localOnly",
  }),
});

const route = z.strictObject({
  destination: scalar.destination.meta({
    description: "Subnet, of IPv4 or IPv6, that is reached through the gateway.",
    sets: "route/@address, route/@prefix",
  }),
  gateway: scalar.ipAddress.meta({ description: "Address of the guest that routes to it.", sets: "route/@gateway" }),
  metric: z
    .int()
    .min(1)
    .max(2 ** 32 - 1)
    .optional()
    .meta({
      description: "Of several routes, the one with the lowest metric is used. Default: 1.",
      sets: "route/@metric",
    }),
});

const portGroup = z.strictObject({
  name: scalar.deviceName.meta({ description: "Name of the group, for a machine's NIC.", sets: "portgroup/@name" }),
  default: z.boolean().default(false).meta({
    description: "Whether NICs without a port group are in this one.",
    sets: "portgroup/@default",
  }),
  vlans: z.array(z.int().min(1).max(4094)).default([]).meta({
    description: "VLAN tags of the guests' frames; several tags are a trunk.",
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
    shared: z.boolean().default(false).meta({
      description:
        "Whether other stacks may describe the same network: the first one creates it, the others must describe it in the same way and join, and it is deleted with the last one. An existing network that kvm-deploy did not create is used as it is, and never changed or deleted.",
      sets: "metadata/kvm-deploy:mark",
    }),
    allowRestart: z.boolean().default(false).meta({
      description:
        "Whether a change that needs a restart restarts the network at once, although running machines are attached: they lose their connection for about a second, and are attached again. Otherwise the change waits for the network's next restart.",
    }),
    mode: z.enum(modes).default("nat").meta({
      description:
        "How guests reach other networks: through the host's address (nat), not at all (isolated), routed by the host with libvirt's firewall rules (route) or without any (open), on a bridge of the host or by a device's macvtap (bridge), or by a device's macvtap in one of its other modes (private, vepa, passthrough).",
      sets: "forward/@mode",
    }),
    devices: z.array(scalar.deviceName).default([]).meta({
      description:
        "Devices of the host: with nat and route the one for outgoing traffic; with bridge, private, vepa and passthrough those of the guests (passthrough: one guest per device).",
      sets: "forward/@dev, forward/interface/@dev",
    }),
    bridge: scalar.deviceName.optional().meta({
      description:
        "Name of the bridge: with mode bridge the host's own, which must exist; otherwise the one that libvirt creates (default: its next free virbrN).",
      sets: "bridge/@name",
    }),
    virtualPort: z
      .enum(["openvswitch"])
      .optional()
      .meta({ description: "Kind of the host's bridge. Default: Linux's own.", sets: "virtualport/@type" }),
    nat: nat
      .optional()
      .meta({ description: "Address translation of mode nat. Default: libvirt's own.", sets: "forward/nat" }),
    mtu: z.int().min(68).max(65535).optional().meta({
      description: "Longest packet in bytes. Default: 1500.",
      sets: "mtu/@size",
    }),
    ipv4: ipv4.optional().meta({ description: "IPv4 in this network. Default: none.", sets: "ip" }),
    ipv6: ipv6.optional().meta({ description: "IPv6 in this network. Default: none.", sets: "ip[@family='ipv6']" }),
    routes: z.array(route).default([]).meta({ description: "Static routes of the host.", sets: "route" }),
    domain: domain.optional().meta({ description: "DNS domain of the guests. Default: none.", sets: "domain" }),
    dns: dns.optional().meta({
      description:
        "What DNS answers in this network. Default: the names of guests that use DHCP, and the answers of the host's resolver.",
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
        description: "Lines for dnsmasq's configuration; libvirt does not check them.",
        sets: "dnsmasq:options/dnsmasq:option/@value",
      }),
    autostart: z.boolean().default(true).meta({ description: "Whether it starts with the host.", sets: "autostart" }),
    running: z.boolean().default(true).meta({
      description:
        "Whether it runs: a stopped network is started again, and its running machines are attached again. It can't be stopped while running machines are attached, even with allowRestart, because they would have no connection.",
    }),
  })
  .meta({ description: "A libvirt virtual network: NAT, isolated or routed, or a bridge or device of the host." })
  .superRefine(xmlTexts())
  .superRefine(networkRules);

export type NetworkInputs = z.infer<typeof networkInputs>;
export type PortGroup = z.infer<typeof portGroup>;
export type Route = z.infer<typeof route>;

export const networkOutputs = z.object({
  uuid: z.string().meta({ description: "UUID of the libvirt network." }),
  bridgeName: z.string().meta({
    description: "Name of the network's bridge on the host; empty if guests are on devices.",
  }),
  waitingForRestart: z.array(z.string()).meta({
    description: "Paths of the changed fields that wait for the network's next restart.",
  }),
  notInForce: z.array(z.string()).meta({
    description:
      "What the next `up` does to the running network although no input changes, in sentences: another program has changed the network.",
  }),
});

export type NetworkOutputs = OutputsOf<typeof networkOutputs>;
