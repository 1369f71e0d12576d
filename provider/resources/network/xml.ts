import { el, type Element } from "../../format/xml";
import { parseCidr } from "../../scalars";
import { gatewayOf } from "./rules";
import type { DhcpHost, NetworkInputs } from "./schema";

/** What a redefinition must keep, or guests lose their connection: libvirt would make up new ones. */
export interface Identity {
  readonly uuid?: string | undefined;
  readonly mac?: string | undefined;
  readonly bridge?: string | undefined;
}

export function networkXml(inputs: NetworkInputs, identity: Identity): Element {
  return el(
    "network",
    {},
    el("name", {}, inputs.name),
    identity.uuid === undefined ? undefined : el("uuid", {}, identity.uuid),
    forwardXml(inputs),
    bridgeXml(inputs, identity),
    // The bridge's MAC stays the same across redefinitions, or guests see another gateway.
    identity.mac === undefined ? undefined : el("mac", { address: identity.mac }),
    // localOnly: names of this domain are never asked of the outer DNS.
    inputs.domain === undefined ? undefined : el("domain", { name: inputs.domain, localOnly: "yes" }),
    ipXml(inputs),
  );
}

function forwardXml({ mode, device }: NetworkInputs): Element | undefined {
  return mode === "isolated" ? undefined : el("forward", { mode, dev: device });
}

function bridgeXml(inputs: NetworkInputs, identity: Identity): Element | undefined {
  const name = inputs.bridge ?? identity.bridge;
  if (inputs.mode === "bridge") return el("bridge", { name });
  // delay 0: without other bridges to hear of, a guest's first packets need not wait.
  return el("bridge", { name, stp: "on", delay: 0 });
}

function ipXml({ mode, subnet, hostAddress, dhcp }: NetworkInputs): Element | undefined {
  const cidr = subnet === undefined ? undefined : parseCidr(subnet);
  if (mode === "bridge" || subnet === undefined || cidr === undefined) return undefined;
  return el(
    "ip",
    { address: gatewayOf({ subnet, hostAddress }), prefix: cidr.prefix },
    dhcp === undefined ? undefined : el("dhcp", {}, rangeXml(dhcp), ...dhcp.hosts.map(hostXml)),
  );
}

export function rangeXml({ start, end }: { readonly start: string; readonly end: string }): Element {
  return el("range", { start, end });
}

export function hostXml({ mac, address, name }: DhcpHost): Element {
  return el("host", { mac, name, ip: address });
}
