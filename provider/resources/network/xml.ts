import { isDeepStrictEqual } from "node:util";
import { keeping, type Model, unlessEmpty } from "../../format/keep";
import {
  attributeOf,
  childrenOf,
  el,
  type Element,
  find,
  mapChildren,
  withAttributes,
  withChild,
  yesNo,
} from "../../format/xml";
import { parseAddress } from "../../values/ip";
import { dnsXml } from "./dns/xml";
import { hostKey } from "./ip/read";
import { ipsXml } from "./ip/xml";
import { hasOwnBridge } from "./modes";
import type { NetworkInputs, PortGroup, Route } from "./schema";

const dnsmasqNamespace = "http://libvirt.org/schemas/network/dnsmasq/1.0";

/** The elements that are written; all others stay as they are. */
const written = [
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
 * so is what the inputs can't say
 * @param olds the inputs of the last deployment; DHCP hosts that neither they nor the network itself names as the
 * resource's own were put there by machines
 */
export function networkXml(inputs: NetworkInputs, present: Element = el("network"), olds = inputs): Element {
  const ownHosts = new Set([...hostKeys(olds), ...hostKeys(inputs), ...notedHosts(present)]);
  const root = el(
    "network",
    present.attributes,
    el("name", {}, inputs.name),
    ...childrenOf(present).filter(
      ({ name }) => !written.includes(name) && (name !== "mac" || hasOwnBridge(inputs.mode)),
    ),
    forwardXml(inputs, find(present, "forward")),
    virtualPortXml(inputs, find(present, "virtualport")),
    bridgeXml(inputs, present),
    inputs.mtu === undefined ? undefined : el("mtu", { size: inputs.mtu }),
    domainXml(inputs, find(present, "domain")),
    dnsXml(inputs.dns, find(present, "dns")),
    ...ipsXml(inputs, { present, olds, ownHosts }),
    ...inputs.routes.map(routeXml),
    ...inputs.portGroups.map((group) => portGroupXml(group, present)),
    dnsmasqXml(inputs.dnsmasqOptions),
  );
  return withNotedHosts(root, hostKeys(inputs));
}

function forwardXml(inputs: NetworkInputs, before: Element | undefined): Element | undefined {
  const { mode, devices } = inputs;
  if (mode === "isolated") return undefined;
  const nat = mode === "nat" ? natXml(inputs) : undefined;
  const forward = keeping(el("forward", { mode }, nat, ...devices.map((dev) => el("interface", { dev }))), before, {
    attributes: ["mode", "dev"],
    children: forwardChildren,
  });
  return mapChildren(forward, (child) => (child.name === "nat" ? unlessEmpty(child) : child));
}

const forwardChildren: Readonly<Record<string, Model>> = {
  nat: { attributes: ["ipv6"], children: { port: {} } },
  // These exclude one another: they say which devices guests are put on.
  interface: { attributes: ["dev"], keyOf: ({ attributes }) => attributes["dev"] },
  pf: {},
  address: {},
};

function natXml({ nat }: NetworkInputs): Element {
  const ports = nat?.ports === undefined ? undefined : el("port", { ...nat.ports });
  return el("nat", { ipv6: nat?.ipv6 === true ? "yes" : undefined }, ports);
}

function virtualPortXml({ virtualPort }: NetworkInputs, before: Element | undefined): Element | undefined {
  if (virtualPort === undefined) return undefined;
  const isSame = before?.attributes["type"] === virtualPort;
  return keeping(el("virtualport", { type: virtualPort }), isSame ? before : undefined, { attributes: ["type"] });
}

function domainXml({ domain }: NetworkInputs, before: Element | undefined): Element | undefined {
  if (domain === undefined) return undefined;
  const bare = el("domain", { name: domain.name, localOnly: yesNo(domain.localOnly) });
  return keeping(bare, before, { attributes: ["name", "localOnly"] });
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

function portGroupXml({ name, default: isDefault, vlans }: PortGroup, network: Element): Element {
  const before = childrenOf(network, "portgroup").find(({ attributes }) => attributes["name"] === name);
  const tags = vlans.map((id) => el("tag", { id }));
  const trunk = isTrunk(vlans, find(before, "vlan")) ? "yes" : undefined;
  const vlan = tags.length === 0 ? undefined : el("vlan", { trunk }, ...tags);
  return keeping(el("portgroup", { name, default: isDefault ? "yes" : undefined }, vlan), before, portGroupModel);
}

/** Several tags are always a trunk's; a single one may be. */
function isTrunk(vlans: readonly number[], before: Element | undefined): boolean {
  const ids = childrenOf(before, "tag").map(({ attributes }) => Number(attributes["id"]));
  return vlans.length > 1 || (before?.attributes["trunk"] === "yes" && isDeepStrictEqual(ids, vlans));
}

const portGroupModel: Model = {
  attributes: ["name", "default"],
  children: {
    vlan: {
      attributes: ["trunk"],
      children: { tag: { attributes: ["id"], keyOf: ({ attributes }) => attributes["id"] } },
    },
  },
};

function dnsmasqXml(options: readonly string[]): Element | undefined {
  if (options.length === 0) return undefined;
  const lines = options.map((value) => el("dnsmasq:option", { value }));
  return el("dnsmasq:options", { "xmlns:dnsmasq": dnsmasqNamespace }, ...lines);
}

/** A note in the network itself, so that a program that is killed can't mistake its own hosts for machines'. */
const hostsElement = "kvm-deploy-dhcp:hosts";
const hostElement = "kvm-deploy-dhcp:host";
const hostsNamespace = "urn:kvm-deploy:dhcp:1";

function withNotedHosts(network: Element, keys: readonly string[]): Element {
  const hosts = el(
    hostsElement,
    { "xmlns:kvm-deploy-dhcp": hostsNamespace },
    ...keys.map((key) => el(hostElement, { key })),
  );
  const metadata = withChild(
    find(network, "metadata") ?? el("metadata"),
    hostsElement,
    keys.length === 0 ? undefined : hosts,
  );
  return withChild(network, "metadata", unlessEmpty(metadata));
}

function notedHosts(network: Element): string[] {
  const hosts = childrenOf(find(network, `metadata/${hostsElement}`), hostElement);
  return hosts.map(({ attributes }) => attributes["key"] ?? "");
}

function hostKeys({ ipv4, ipv6 }: NetworkInputs): string[] {
  return [...(ipv4?.dhcp?.hosts ?? []), ...(ipv6?.dhcp?.hosts ?? [])].map(hostKey);
}
