import { childrenOf, el, type Element, find, isEmpty, withChild } from "../../format/xml";
import type { NetworkInputs } from "./schema";

/** A record in the network itself, so that its own hosts are not mistaken for machines' after an interruption. */
const hostsElement = "kvm-deploy-dhcp:hosts";
const hostElement = "kvm-deploy-dhcp:host";
const hostsNamespace = "urn:kvm-deploy:dhcp:1";

/** Identifies a DHCP host after a change: IPv6 has no MAC addresses. */
export function hostKey({
  mac,
  name,
  id,
}: Readonly<Partial<Record<"mac" | "name" | "id", string | undefined>>>): string {
  return mac?.toLowerCase() ?? name ?? id ?? "";
}

export function hostKeys({ ipv4, ipv6 }: Pick<NetworkInputs, "ipv4" | "ipv6">): string[] {
  return [...(ipv4?.dhcp?.hosts ?? []), ...(ipv6?.dhcp?.hosts ?? [])].map(hostKey);
}

export function notedHosts(network: Element): string[] {
  const hosts = childrenOf(find(network, `metadata/${hostsElement}`), hostElement);
  return hosts.map(({ attributes }) => attributes["key"] ?? "");
}

export function withNotedHosts(network: Element, keys: readonly string[]): Element {
  if (keys.length === 0) return network;
  const notes = keys.map((key) => el(hostElement, { key }));
  const hosts = el(hostsElement, { "xmlns:kvm-deploy-dhcp": hostsNamespace }, ...notes);
  return withChild(network, "metadata", withChild(find(network, "metadata") ?? el("metadata"), hostsElement, hosts));
}

export function withoutNotedHosts(network: Element): Element {
  const others = withChild(find(network, "metadata") ?? el("metadata"), hostsElement, undefined);
  return withChild(network, "metadata", isEmpty(others) ? undefined : others);
}
