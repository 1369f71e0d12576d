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

/** Of both families; only what tells their fixed hosts apart differs. */
function ipPolicy<Hosts>(hosts: Hosts) {
  return {
    kind: "parts",
    whole: "restart",
    fields: { ...subnet, dhcp: { kind: "parts", whole: "live", fields: { ranges, hosts } } },
  } as const;
}

export const ipv4Policy = ipPolicy({
  kind: "items",
  keyOf: ({ mac }: HostOf<Ipv4>) => mac,
  added,
  removed,
  fields: { mac: "live", address: "live", name: "live" },
} as const) satisfies FieldPolicy<Ipv4, NetworkInputs>;

export const ipv6Policy = ipPolicy({
  kind: "items",
  keyOf: ({ name }: HostOf<Ipv6>) => name,
  added,
  removed,
  fields: { id: "live", name: "live", address: "live" },
} as const) satisfies FieldPolicy<Ipv6, NetworkInputs>;

type HostOf<Family extends Ipv4 | Ipv6> = NonNullable<Family["dhcp"]>["hosts"][number];
