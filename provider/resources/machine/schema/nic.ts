import { z } from "zod";
import * as scalar from "../../../values/scalars";
import { bootOrder, isAnyGiven } from "./disk";

const rate = (direction: string) =>
  z
    .strictObject({
      average: z
        .int()
        .min(1)
        .meta({ description: "KiB per second on average.", sets: `interface/bandwidth/${direction}/@average` }),
      peak: z
        .int()
        .min(1)
        .optional()
        .meta({
          description: "Most KiB per second at a peak. Default: no such limit.",
          sets: `interface/bandwidth/${direction}/@peak`,
        }),
      burst: z
        .int()
        .min(1)
        .optional()
        .meta({
          description: "KiB that may be sent at the peak's speed at once. Default: no such limit.",
          sets: `interface/bandwidth/${direction}/@burst`,
        }),
    })
    .optional();

const bandwidth = z
  .strictObject({
    inbound: rate("inbound").meta({
      description: "Traffic to the guest. Default: no limit.",
      sets: "interface/bandwidth/inbound",
    }),
    outbound: rate("outbound").meta({
      description: "Traffic from the guest. Default: no limit.",
      sets: "interface/bandwidth/outbound",
    }),
  })
  .refine(isAnyGiven, { error: "limits nothing; set inbound or outbound, or remove it" });

export const nic = z.strictObject({
  network: scalar.name.optional().meta({
    description: "Name of its libvirt network.",
    sets: "interface/source/@network",
  }),
  portgroup: scalar.name
    .optional()
    .meta({ description: "Port group of the network. Default: its default one.", sets: "interface/source/@portgroup" }),
  bridge: scalar.deviceName
    .optional()
    .meta({ description: "Bridge of the host, instead of a network.", sets: "interface/source/@bridge" }),
  device: scalar.deviceName.optional().meta({
    description: "Device of the host that it shares (macvtap), instead of a network.",
    sets: "interface/source/@dev",
  }),
  mode: z.enum(["bridge", "vepa", "private", "passthrough"]).optional().meta({
    description: "How `device` is shared. Default: bridge; guests on it reach each other, but not the host.",
    sets: "interface/source/@mode",
  }),
  address: scalar.ipv4.optional().meta({
    description:
      "Fixed IPv4 address: reserved by DHCP if the network has DHCP, and used to reach the machine. Default: the address given by DHCP.",
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
    .meta({ description: "Model of the device for the guest.", sets: "interface/model/@type" }),
  link: z
    .enum(["up", "down"])
    .default("up")
    .meta({ description: "Whether its link is up.", sets: "interface/link/@state" }),
  vlan: z.int().min(1).max(4094).optional().meta({
    description: "VLAN tag, if the network or bridge supports VLANs. Default: none.",
    sets: "interface/vlan/tag/@id",
  }),
  bandwidth: bandwidth
    .optional()
    .meta({ description: "Limits of its use. Default: none.", sets: "interface/bandwidth" }),
  filter: scalar.name.optional().meta({
    description: "Its network filter of libvirt, such as `clean-traffic`. Default: none.",
    sets: "interface/filterref/@filter",
  }),
  queues: z.int().min(1).max(256).optional().meta({
    description: "Queues that the guest can use at the same time, with model virtio. Default: one.",
    sets: "interface/driver/@queues",
  }),
  mtu: z.int().min(68).max(65535).optional().meta({
    description: "Largest packet in bytes. Default: that of the network.",
    sets: "interface/mtu/@size",
  }),
  bootOrder,
});
