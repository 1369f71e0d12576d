import type { Depends, FieldPolicy } from "../../../resource/policy";
import type { NetworkInputs } from "../schema";
import { dns, type Dns, type DnsSrv } from "./schema";

/** Records change while the network runs; the other settings of DNS are read at its start. */
const whole: Depends<NetworkInputs> = {
  kind: "depends",
  text: "live; restart if more than records are given",
  most: "restart",
  decide: (olds, news) => (hasOnlyRecords(olds.dns ?? news.dns) ? "live" : "restart"),
};

export const dnsPolicy = {
  kind: "parts",
  whole,
  fields: {
    enabled: "restart",
    forwardPlainNames: "restart",
    forwarders: "restart",
    hosts: {
      kind: "items",
      keyOf: ({ address }) => address,
      added: "live",
      removed: "live",
      fields: { address: "live", names: "live" },
    },
    txt: {
      kind: "items",
      keyOf: ({ name }) => name,
      added: "live",
      removed: "live",
      fields: { name: "live", value: "live" },
    },
    srv: {
      kind: "items",
      keyOf: srvKey,
      added: "live",
      removed: "live",
      fields: {
        service: "live",
        protocol: "live",
        domain: "live",
        target: "live",
        port: "live",
        priority: "live",
        weight: "live",
      },
    },
  },
} as const satisfies FieldPolicy<Dns, NetworkInputs>;

function hasOnlyRecords(given: unknown): boolean {
  const parsed = dns.safeParse(given);
  return parsed.success && parsed.data.enabled && parsed.data.forwardPlainNames && parsed.data.forwarders.length === 0;
}

/** A service may have several hosts. */
export function srvKey({ service, protocol, domain, target }: DnsSrv): string {
  return [service, protocol, domain, target].join(" ");
}
