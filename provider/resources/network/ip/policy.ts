import type { FieldPolicy } from "../../../resource/policy";
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

/** For both families; only their fixed hosts and the hosts' keys differ. */
function ipPolicy<KeyOf, const Fields>(keyOf: KeyOf, fields: Fields) {
  const hosts = { kind: "items", keyOf, added, removed, fields } as const;
  return {
    kind: "parts",
    whole: "restart",
    fields: { ...subnet, dhcp: { kind: "parts", whole: "live", fields: { ranges, hosts } } },
  } as const;
}

export const ipv4Policy = ipPolicy(({ mac }: HostOf<Ipv4>) => mac, {
  mac: "live",
  address: "live",
  name: "live",
}) satisfies FieldPolicy<Ipv4, NetworkInputs>;

export const ipv6Policy = ipPolicy(({ name }: HostOf<Ipv6>) => name, {
  id: "live",
  name: "live",
  address: "live",
}) satisfies FieldPolicy<Ipv6, NetworkInputs>;

type HostOf<Family extends Ipv4 | Ipv6> = NonNullable<Family["dhcp"]>["hosts"][number];
