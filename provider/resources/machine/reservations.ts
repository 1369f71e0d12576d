import { Conflict } from "../../errors";
import { childrenOf, el, type Element, find, render } from "../../format/xml";
import type { Host } from "../../host/index";
import { contains, hostAddresses, parseAddress } from "../../ip";
import type { Libvirt } from "../../libvirt/client";
import { definitionNamed } from "../../libvirt/look-up";
import { cidrOf, networkIp } from "../../libvirt/network-ip";
import type { MachineNic } from "./schema";

interface Addressed {
  readonly nics: readonly Pick<MachineNic, "network" | "address">[];
}

/** A DHCP host that a machine has in a network: it gets its fixed address whether it asks or is configured with it. */
export interface Reservation {
  readonly network: string;
  readonly mac: string;
  readonly address: string;
}

export function reservationsOf({ nics }: Addressed, macs: readonly string[]): Reservation[] {
  return nics.flatMap(({ network, address }, index) =>
    network === undefined || address === undefined ? [] : [{ network, address, mac: macs[index] ?? "" }],
  );
}

/**
 * Makes the reservation where the network gives addresses by DHCP.
 * @throws Conflict when another guest has the address
 */
export async function reserve(libvirt: Libvirt, reservation: Reservation, property: string): Promise<void> {
  const network = await definitionNamed(libvirt, "network", reservation.network);
  if (network === undefined || !givesAddress(network.root, reservation.address)) return;
  const present = hostsOf(network.root);
  const taken = present.find(({ address, mac }) => address === reservation.address && mac !== reservation.mac);
  if (taken !== undefined) {
    throw new Conflict(
      `network "${reservation.network}" gives ${reservation.address} to the MAC address ${taken.mac} already`,
      {
        property,
        remedy: "Choose another address",
      },
    );
  }
  const before = present.find(({ mac }) => mac === reservation.mac);
  if (before?.address === reservation.address) return;
  if (before !== undefined) await updateHost(libvirt, network, "delete", before);
  await updateHost(libvirt, network, "add-last", reservation);
}

/** Succeeds when the reservation, or the network, is gone already. */
export function release({ libvirt, lock }: Pick<Host, "libvirt" | "lock">, reservation: Reservation): Promise<void> {
  return lock(`network ${reservation.network}`, () => releaseIn(libvirt, reservation));
}

async function releaseIn(libvirt: Libvirt, reservation: Reservation): Promise<void> {
  const network = await definitionNamed(libvirt, "network", reservation.network);
  const present =
    network &&
    hostsOf(network.root).find(({ mac, address }) => mac === reservation.mac && address === reservation.address);
  if (network !== undefined && present !== undefined) {
    await updateHost(libvirt, network, "delete", present);
  }
}

interface Network {
  readonly uuid: string;
  readonly root: Element;
}

function givesAddress(network: Element, address: string): boolean {
  return find(networkIp(network, 4)?.element, "dhcp") !== undefined && isInSubnet(network, address) !== false;
}

/** Whether an address is in the network's subnet; undefined when libvirt doesn't know its subnet. */
export function isInSubnet(network: Element, address: string): boolean | undefined {
  const ip = networkIp(network, 4);
  const [cidr, asked] = [ip && cidrOf(ip.element), parseAddress(address)];
  return cidr && asked && contains(hostAddresses(cidr), asked);
}

interface DhcpHost {
  readonly mac: string;
  readonly address: string;
}

function hostsOf(network: Element): DhcpHost[] {
  return childrenOf(find(networkIp(network, 4)?.element, "dhcp"), "host").map(({ attributes }) => ({
    mac: (attributes["mac"] ?? "").toLowerCase(),
    address: attributes["ip"] ?? "",
  }));
}

function updateHost(
  libvirt: Libvirt,
  { uuid, root }: Network,
  command: "add-last" | "delete",
  host: DhcpHost,
): Promise<void> {
  const xml = render(el("host", { mac: host.mac, ip: host.address }));
  return libvirt.updateNetwork(uuid, { command, section: "ip-dhcp-host", xml, parentIndex: networkIp(root, 4)?.index });
}
