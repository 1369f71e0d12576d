import type { FieldPolicy } from "../../../policy";
import type { NetworkInputs } from "../schema";
import type { DhcpRange, Ipv4, Ipv6 } from "./schema";

const added = "live";
const removed = "live";

const subnet = { subnet: "restart", hostAddress: "restart" } as const;

const ranges = {
  kind: "items",
  keyOf: ({ start }: DhcpRange) => start,
  added,
  removed,
  fields: { start: "live", end: "live", leaseTime: "live" },
} as const;

export const ipv4Policy = {
  kind: "parts",
  whole: "restart",
  fields: {
    ...subnet,
    dhcp: {
      kind: "parts",
      whole: "live",
      fields: {
        ranges,
        hosts: {
          kind: "items",
          keyOf: ({ mac }) => mac,
          added,
          removed,
          fields: { mac: "live", address: "live", name: "live" },
        },
      },
    },
  },
} as const satisfies FieldPolicy<Ipv4, NetworkInputs>;

export const ipv6Policy = {
  kind: "parts",
  whole: "restart",
  fields: {
    ...subnet,
    dhcp: {
      kind: "parts",
      whole: "live",
      fields: {
        ranges,
        hosts: {
          kind: "items",
          keyOf: ({ name }) => name,
          added,
          removed,
          fields: { id: "live", name: "live", address: "live" },
        },
      },
    },
  },
} as const satisfies FieldPolicy<Ipv6, NetworkInputs>;
