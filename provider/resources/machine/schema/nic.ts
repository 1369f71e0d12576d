import { z } from "zod";
import * as scalar from "../../../values/scalars";
import { bootOrder, isAnyGiven } from "./disk";

const rate = (direction: string) =>
  z
    .strictObject({
      average: z
        .int()
        .min(1)
        .meta({ description: "KiB a second in the long run.", sets: `interface/bandwidth/${direction}/@average` }),
      peak: z
        .int()
        .min(1)
        .optional()
        .meta({
          description: "Most KiB a second. Default: no such limit.",
          sets: `interface/bandwidth/${direction}/@peak`,
        }),
      burst: z
        .int()
        .min(1)
        .optional()
        .meta({
          description: "KiB that may go at the peak's speed in one piece. Default: no such limit.",
          sets: `interface/bandwidth/${direction}/@burst`,
        }),
    })
    .optional();

const bandwidth = z
  .strictObject({
    inbound: rate("inbound").meta({
      description: "What goes to the guest. Default: no limit.",
      sets: "interface/bandwidth/inbound",
    }),
    outbound: rate("outbound").meta({
      description: "What comes from the guest. Default: no limit.",
      sets: "interface/bandwidth/outbound",
    }),
  })
  .refine(isAnyGiven, { error: "limits nothing; set inbound or outbound, or leave it out" });

export const nic = z.strictObject({
  network: scalar.name.optional().meta({
    description: "Name of the libvirt network that it is plugged into.",
    sets: "interface/source/@network",
  }),
  portgroup: scalar.name
    .optional()
    .meta({ description: "Port group of the network. Default: its default one.", sets: "interface/source/@portgroup" }),
  bridge: scalar.deviceName
    .optional()
    .meta({ description: "Bridge of the host, in place of a network.", sets: "interface/source/@bridge" }),
  device: scalar.deviceName.optional().meta({
    description: "Device of the host that it shares (macvtap), in place of a network.",
    sets: "interface/source/@dev",
  }),
  mode: z.enum(["bridge", "vepa", "private", "passthrough"]).optional().meta({
    description: "How `device` is shared. Default: bridge; guests on it reach each other, but not the host.",
    sets: "interface/source/@mode",
  }),
  address: scalar.ipv4.optional().meta({
    description:
      "Fixed IPv4 address: reserved by DHCP where the network has it, and where the machine is looked for. Default: whatever DHCP gives.",
    sets: "network ip/dhcp/host",
  }),
  mac: scalar.macAddress.optional().meta({
    description:
      "MAC address. Default: one derived from the machine and the network, the same after every replacement.",
    sets: "interface/mac/@address",
  }),
  model: z
    .enum(["virtio", "e1000e", "e1000", "rtl8139", "vmxnet3"])
    .default("virtio")
    .meta({ description: "What the guest sees.", sets: "interface/model/@type" }),
  link: z
    .enum(["up", "down"])
    .default("up")
    .meta({ description: "Whether its cable is plugged in.", sets: "interface/link/@state" }),
  vlan: z.int().min(1).max(4094).optional().meta({
    description: "VLAN tag, where the network or bridge can tell VLANs apart. Default: none.",
    sets: "interface/vlan/tag/@id",
  }),
  bandwidth: bandwidth
    .optional()
    .meta({ description: "Limits of its use. Default: none.", sets: "interface/bandwidth" }),
  filter: scalar.name.optional().meta({
    description: "Network filter of libvirt's for it, such as `clean-traffic`. Default: none.",
    sets: "interface/filterref/@filter",
  }),
  queues: z.int().min(1).max(256).optional().meta({
    description: "Queues that the guest can use at once, with model virtio. Default: one.",
    sets: "interface/driver/@queues",
  }),
  mtu: z.int().min(68).max(65535).optional().meta({
    description: "Largest packet in bytes. Default: that of the network.",
    sets: "interface/mtu/@size",
  }),
  bootOrder,
});
