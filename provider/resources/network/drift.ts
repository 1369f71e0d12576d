import type { Element } from "../../format/xml";
import { dns } from "./dns/schema";
import { askedPartOf } from "./fit";
import { gatewayOf } from "./ip/gateway";
import type { Ip } from "./ip/schema";
import { hasOwnBridge } from "./modes";
import { valuesIn } from "./places";
import { nat, type NetworkInputs } from "./schema";
import { respelt } from "./spelling";

/**
 * The inputs as libvirt has them now, compared with those of the last deployment: what libvirt chose by itself, and
 * DHCP hosts that machines added, are no drift.
 */
export function readNetwork(
  network: Element,
  asked: NetworkInputs,
  { autostart, running }: Pick<NetworkInputs, "autostart" | "running">,
): NetworkInputs {
  const seen = valuesIn(askedPartOf(respelt(network), asked));
  return {
    ...asked,
    ...seen,
    bridge: hasOwnBridge(seen.mode) && asked.bridge === undefined ? undefined : seen.bridge,
    nat: withoutAllPorts(seen.nat, asked.nat) ?? (asked.nat && nat.parse({})),
    ipv4: seen.ipv4 && withoutFirstAddress(seen.ipv4, asked.ipv4),
    ipv6: seen.ipv6 && withoutFirstAddress(seen.ipv6, asked.ipv6),
    dns: seen.dns ?? (asked.dns && dns.parse({})),
    portGroups: seen.portGroups.map(({ name, default: isDefault, vlans }) => ({ name, default: isDefault, vlans })),
    autostart,
    running,
  };
}

/** What libvirt shows of a running network that asks for nothing. */
const allPorts = { start: 1024, end: 65535 };

function withoutAllPorts(seen: NetworkInputs["nat"], asked: NetworkInputs["nat"]): NetworkInputs["nat"] {
  const isAsked = asked?.ports !== undefined;
  const { start, end } = seen?.ports ?? {};
  if (seen === undefined || isAsked || start !== allPorts.start || end !== allPorts.end) return seen;
  return seen.ipv6 ? { ipv6: seen.ipv6 } : undefined;
}

/** Which address of its own the host has by itself. */
function withoutFirstAddress<Of extends Ip>(seen: Of, asked: Ip | undefined): Of {
  const { subnet, hostAddress } = seen;
  if (asked?.hostAddress !== undefined || hostAddress !== gatewayOf({ subnet })) return seen;
  return { ...seen, hostAddress: undefined };
}
