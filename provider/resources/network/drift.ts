import type { Element } from "../../format/xml";
import { dns } from "./dns/schema";
import { desiredPartOf } from "./fit";
import { gatewayOf } from "./ip/gateway";
import type { Ip } from "./ip/schema";
import { hasOwnBridge } from "./modes";
import { valuesIn } from "./places";
import { nat, type NetworkInputs } from "./schema";
import { respelt } from "./spelling";

/**
 * The actual inputs, compared with those of the last deployment. libvirt's own choices, and DHCP hosts of machines, are
 * no drift.
 */
export function readNetwork(
  network: Element,
  desired: NetworkInputs,
  { autostart, running }: Pick<NetworkInputs, "autostart" | "running">,
): NetworkInputs {
  const actual = valuesIn(desiredPartOf(respelt(network), desired));
  return {
    ...desired,
    ...actual,
    bridge: hasOwnBridge(actual.mode) && desired.bridge === undefined ? undefined : actual.bridge,
    nat: withoutAllPorts(actual.nat, desired.nat) ?? (desired.nat && nat.parse({})),
    ipv4: actual.ipv4 && withoutFirstAddress(actual.ipv4, desired.ipv4),
    ipv6: actual.ipv6 && withoutFirstAddress(actual.ipv6, desired.ipv6),
    dns: actual.dns ?? (desired.dns && dns.parse({})),
    portGroups: actual.portGroups.map(({ name, default: isDefault, vlans }) => ({ name, default: isDefault, vlans })),
    autostart,
    running,
  };
}

/** libvirt's values in a running network that are the defaults. */
const allPorts = { start: 1024, end: 65535 };

function withoutAllPorts(actual: NetworkInputs["nat"], desired: NetworkInputs["nat"]): NetworkInputs["nat"] {
  const isGiven = desired?.ports !== undefined;
  const { start, end } = actual?.ports ?? {};
  if (actual === undefined || isGiven || start !== allPorts.start || end !== allPorts.end) return actual;
  return actual.ipv6 ? { ipv6: actual.ipv6 } : undefined;
}

/** The host's default address. */
function withoutFirstAddress<Of extends Ip>(actual: Of, desired: Ip | undefined): Of {
  const { subnet, hostAddress } = actual;
  if (desired?.hostAddress !== undefined || hostAddress !== gatewayOf({ subnet })) return actual;
  return { ...actual, hostAddress: undefined };
}
