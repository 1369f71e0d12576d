import { childrenOf, type Element, find } from "../../../format/xml";
import type { Libvirt } from "../../../libvirt/client";
import { definitionNamed } from "../../../libvirt/look-up";
import { cidrOf, networkIp } from "../../../libvirt/network-ip";
import { contains, formatSubnet, hostAddresses, parseAddress } from "../../../values/ip";

/** A MAC address and its DHCP entry. */
export interface DhcpHost {
  readonly mac: string;
  readonly address: string;
}

/** A network from the view of its machines' addresses: its first subnet of IPv4. */
export interface DhcpNetwork {
  readonly uuid: string;
  readonly name: string;
  readonly root: Element;
  readonly hosts: readonly DhcpHost[];
  /** The position of that subnet among all, for net-update. */
  readonly parentIndex: number | undefined;
}

/** Undefined if the host has no such network. */
export async function dhcpNetwork(libvirt: Libvirt, name: string): Promise<DhcpNetwork | undefined> {
  const network = await definitionNamed(libvirt, "network", name);
  if (network === undefined) return undefined;
  const ip = networkIp(network.root, 4);
  return { ...network, name, hosts: hostsOf(ip?.element), parentIndex: ip?.index };
}

function hostsOf(ip: Element | undefined): DhcpHost[] {
  return childrenOf(find(ip, "dhcp"), "host").map(({ attributes }) => ({
    mac: (attributes["mac"] ?? "").toLowerCase(),
    address: attributes["ip"] ?? "",
  }));
}

/** Whether the network gives that address by DHCP; otherwise the guest configures it. */
export function givesAddress({ root }: DhcpNetwork, address: string): boolean {
  return find(networkIp(root, 4)?.element, "dhcp") !== undefined && isInSubnet(root, address) !== false;
}

export function isHost({ hosts }: DhcpNetwork, { mac, address }: DhcpHost): boolean {
  return hosts.some((host) => host.mac === mac && host.address === address);
}

/** Whether an address is in the network's subnet; undefined if libvirt doesn't know the subnet. */
export function isInSubnet(network: Element, address: string): boolean | undefined {
  const ip = networkIp(network, 4);
  const [cidr, parsed] = [ip && cidrOf(ip.element), parseAddress(address)];
  return cidr && parsed && contains(hostAddresses(cidr), parsed);
}

/** The host's own address in the network. */
export function gatewayOf(network: Element): string | undefined {
  return networkIp(network, 4)?.element.attributes["address"];
}

/** In CIDR notation. */
export function subnetText(network: Element): string | undefined {
  const ip = networkIp(network, 4);
  const cidr = ip && cidrOf(ip.element);
  return cidr && formatSubnet(cidr);
}
