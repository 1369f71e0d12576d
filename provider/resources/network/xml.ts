import { attributeOf, childrenOf, el, type Element, find, withAttributes, yesNo } from "../../format/xml";
import { parseAddress } from "../../ip";
import { dnsXml } from "./dns/xml";
import { ipXml } from "./ip/xml";
import { hasOwnBridge } from "./modes";
import type { NetworkInputs, PortGroup, Route } from "./schema";

const dnsmasqNamespace = "http://libvirt.org/schemas/network/dnsmasq/1.0";

const modelled = [
  "name",
  "forward",
  "virtualport",
  "bridge",
  "mtu",
  "domain",
  "dns",
  "ip",
  "route",
  "portgroup",
  "dnsmasq:options",
];

/**
 * @param present its definition: uuid, the bridge's MAC address and name are kept, or guests would see another gateway;
 * so is what isn't modelled
 * @param olds the inputs of the last deployment; DHCP hosts that they don't name were put there by machines
 */
export function networkXml(inputs: NetworkInputs, present: Element = el("network"), olds = inputs): Element {
  const ownHosts = [olds, inputs].flatMap(({ ipv4, ipv6 }) => [
    ...(ipv4?.dhcp?.hosts ?? []),
    ...(ipv6?.dhcp?.hosts ?? []),
  ]);
  return el(
    "network",
    present.attributes,
    el("name", {}, inputs.name),
    ...childrenOf(present).filter(
      ({ name }) => !modelled.includes(name) && (name !== "mac" || hasOwnBridge(inputs.mode)),
    ),
    forwardXml(inputs, present),
    inputs.virtualPort === undefined ? undefined : el("virtualport", { type: inputs.virtualPort }),
    bridgeXml(inputs, present),
    inputs.mtu === undefined ? undefined : el("mtu", { size: inputs.mtu }),
    inputs.domain === undefined
      ? undefined
      : el("domain", { name: inputs.domain.name, localOnly: yesNo(inputs.domain.localOnly) }),
    inputs.dns === undefined ? undefined : dnsXml(inputs.dns),
    ...[inputs.ipv4, inputs.ipv6].map((ip) => (ip === undefined ? undefined : ipXml(ip, { present, ownHosts }))),
    ...inputs.routes.map(routeXml),
    ...inputs.portGroups.map(portGroupXml),
    dnsmasqXml(inputs.dnsmasqOptions),
  );
}

function forwardXml({ mode, devices, nat }: NetworkInputs, present: Element): Element | undefined {
  if (mode === "isolated") return undefined;
  return el(
    "forward",
    { mode },
    mode === "nat" ? natXml(nat, find(present, "forward/nat/address")) : undefined,
    ...devices.map((dev) => el("interface", { dev })),
  );
}

function natXml(nat: NetworkInputs["nat"], addresses: Element | undefined): Element | undefined {
  if (nat === undefined && addresses === undefined) return undefined;
  const ports = nat?.ports === undefined ? undefined : el("port", { ...nat.ports });
  return el("nat", { ipv6: nat?.ipv6 === true ? "yes" : undefined }, addresses, ports);
}

function bridgeXml(inputs: NetworkInputs, present: Element): Element | undefined {
  if (!hasOwnBridge(inputs.mode))
    return inputs.bridge === undefined ? undefined : el("bridge", { name: inputs.bridge });
  const before = hasOwnBridge(attributeOf(present, "forward", "mode") ?? "isolated")
    ? find(present, "bridge")
    : undefined;
  // delay 0: without other bridges to hear of, a guest's first packets need not wait.
  const bridge = before ?? el("bridge", { name: inputs.bridge, stp: "on", delay: 0 });
  return inputs.bridge === undefined ? bridge : withAttributes(bridge, { name: inputs.bridge });
}

function routeXml({ destination, gateway, metric }: Route): Element {
  const [address = "", prefix] = destination.split("/");
  const family = parseAddress(address)?.family === 6 ? "ipv6" : undefined;
  return el("route", { family, address, prefix, gateway, metric });
}

function portGroupXml({ name, default: isDefault, vlans }: PortGroup): Element {
  const tags = vlans.map((id) => el("tag", { id }));
  const vlan = tags.length === 0 ? undefined : el("vlan", { trunk: tags.length > 1 ? "yes" : undefined }, ...tags);
  return el("portgroup", { name, default: isDefault ? "yes" : undefined }, vlan);
}

function dnsmasqXml(options: readonly string[]): Element | undefined {
  if (options.length === 0) return undefined;
  const lines = options.map((value) => el("dnsmasq:option", { value }));
  return el("dnsmasq:options", { "xmlns:dnsmasq": dnsmasqNamespace }, ...lines);
}
