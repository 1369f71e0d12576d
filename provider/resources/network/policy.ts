import { connectionPolicy } from "../../resource/connection-policy";
import type { PolicyTable } from "../../resource/policy";
import { dnsPolicy } from "./dns/policy";
import { ipv4Policy, ipv6Policy } from "./ip/policy";
import type { NetworkInputs } from "./schema";

/** Changes that libvirt's net-update supports are live; everything else is read when the network starts. */
export const networkPolicies = {
  connection: connectionPolicy("replace"),
  name: "replace",
  adopt: "setting",
  deleteAdopted: "setting",
  shared: "setting",
  allowRestart: "setting",
  mode: "restart",
  devices: "restart",
  bridge: "restart",
  virtualPort: "restart",
  nat: { kind: "parts", whole: "restart", fields: { ports: "restart", ipv6: "restart" } },
  mtu: "restart",
  ipv4: ipv4Policy,
  ipv6: ipv6Policy,
  routes: "restart",
  domain: { kind: "parts", whole: "restart", fields: { name: "restart", localOnly: "restart" } },
  dns: dnsPolicy,
  portGroups: {
    kind: "items",
    keyOf: ({ name }) => name,
    added: "live",
    removed: "live",
    fields: { name: "live", default: "live", vlans: "live" },
  },
  dnsmasqOptions: "restart",
  autostart: "live",
  running: "live",
} as const satisfies PolicyTable<NetworkInputs>;
