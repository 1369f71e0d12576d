import type { PolicyTable } from "../../policy";
import type { NetworkInputs } from "./schema";

/** A restart cuts off the guests that are plugged in: it is refused while there are any. */
export const networkPolicies = {
  connection: "replace",
  name: "replace",
  mode: "restart",
  subnet: "restart",
  hostAddress: "restart",
  domain: "restart",
  dhcp: "live",
  bridge: "restart",
  device: "restart",
  autostart: "live",
} as const satisfies PolicyTable<NetworkInputs>;
