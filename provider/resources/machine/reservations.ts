import { Conflict } from "../../errors";
import { attributeOf, childrenOf, el, type Element, find, parse, render } from "../../format/xml";
import type { Libvirt } from "../../libvirt/client";
import { addressToNumber, subnetRange } from "../../scalars";
import type { MachineInputs } from "./schema";

/** A DHCP host that a machine has in a network: it gets its fixed address whether it asks or is configured with it. */
export interface Reservation {
  readonly network: string;
  readonly mac: string;
  readonly address: string;
}

export function reservationsOf({ nics }: Pick<MachineInputs, "nics">, macs: readonly string[]): Reservation[] {
  return nics.flatMap(({ network, address }, index) =>
    address === undefined ? [] : [{ network, address, mac: macs[index] ?? "" }],
  );
}

/**
 * Makes the reservation where the network gives addresses by DHCP.
 * @throws Conflict when another guest has the address
 */
export async function reserve(libvirt: Libvirt, reservation: Reservation, property: string): Promise<void> {
  const network = await networkOf(libvirt, reservation.network);
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
  if (before !== undefined) await libvirt.updateNetwork(network.uuid, "delete", "ip-dhcp-host", hostXml(before));
  await libvirt.updateNetwork(network.uuid, "add-last", "ip-dhcp-host", hostXml(reservation));
}

/** Succeeds when the reservation, or the network, is gone already. */
export async function release(libvirt: Libvirt, reservation: Reservation): Promise<void> {
  const network = await networkOf(libvirt, reservation.network);
  const present =
    network &&
    hostsOf(network.root).find(({ mac, address }) => mac === reservation.mac && address === reservation.address);
  if (network !== undefined && present !== undefined) {
    await libvirt.updateNetwork(network.uuid, "delete", "ip-dhcp-host", hostXml(present));
  }
}

async function networkOf(libvirt: Libvirt, name: string): Promise<{ uuid: string; root: Element } | undefined> {
  const entry = await libvirt.find("network", name);
  const xml = entry && (await libvirt.definition("network", entry.uuid));
  return entry === undefined || xml === undefined ? undefined : { uuid: entry.uuid, root: parse(xml) };
}

function givesAddress(network: Element, address: string): boolean {
  return find(network, "ip/dhcp") !== undefined && isInSubnet(network, address) !== false;
}

/** Whether an address is in the network's subnet; undefined when libvirt doesn't know its subnet. */
export function isInSubnet(network: Element, address: string): boolean | undefined {
  const [own, prefix] = [attributeOf(network, "ip", "address"), attributeOf(network, "ip", "prefix")];
  if (own === undefined || prefix === undefined) return undefined;
  const { first, last } = subnetRange({ address: addressToNumber(own), prefix: Number(prefix) });
  const number = addressToNumber(address);
  return number > first && number < last;
}

function hostsOf(network: Element): { mac: string; address: string }[] {
  return childrenOf(find(network, "ip/dhcp"), "host").map(({ attributes }) => ({
    mac: (attributes["mac"] ?? "").toLowerCase(),
    address: attributes["ip"] ?? "",
  }));
}

function hostXml({ mac, address }: { readonly mac: string; readonly address: string }): string {
  return render(el("host", { mac, ip: address }));
}
