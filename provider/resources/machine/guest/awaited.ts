import type { Properties } from "../../../resource/handler";
import type { Host } from "../../../resource/host";
import type { MachineInputs, MachineNic } from "../schema/machine";
import { dhcpNetwork, givesAddress, isHost } from "./dhcp";
import { holdersByMac } from "./holders";
import { type Addressed, type Reservation, reservationsOf } from "./reservation";
import { nameOf } from "./wishes";

/** A machine's desired address that another machine still has. */
export interface Awaited extends Reservation {
  readonly holder: string;
}

/** Such as `nics[0].address: network "lab" still gives it to machine "web"; …`. */
export function waitingFor({ property, network, address, holder }: Awaited): string {
  return `${property}: network "${network}" still gives ${address} to ${holder}; this machine gets it as soon as that one releases it`;
}

const awaitedKey = "awaitedAddresses";

/**
 * Outputs with the reservations that are missing: another machine's update may make them, without a change of this
 * one's state.
 */
export function awaiting(outputs: Properties, missing: readonly Reservation[]): Properties {
  return { ...outputs, [awaitedKey]: missing.map(({ property }) => property) };
}

/**
 * The addresses that the last deployment awaited and other machines have not released: in sentences for the preview.
 */
export async function stillAwaited(
  host: Host,
  { nics, macs }: Addressed & { readonly macs: readonly string[] },
  state: Properties,
): Promise<string[]> {
  if (state[awaitedKey] === undefined) return [];
  return (await missingOf(host, reservationsOf({ nics }, macs))).map(
    ({ property, network, address }) => `${property}: ${address} is not reserved in network "${network}" yet`,
  );
}

/** The missing reservations in existing networks with DHCP. */
export async function missingOf({ libvirt }: Host, reservations: readonly Reservation[]): Promise<Reservation[]> {
  const missing = await Promise.all(
    reservations.map(async (desired) => {
      const present = await dhcpNetwork(libvirt, desired.network);
      const isMissing = present !== undefined && givesAddress(present, desired.address) && !isHost(present, desired);
      return isMissing ? [desired] : [];
    }),
  );
  return missing.flat();
}

/**
 * The NICs with their reserved addresses: none, or another one, if that is in their network. For a NIC without a
 * desired address, the one that kvm-deploy reserved for it.
 */
export async function reservedFor(
  { libvirt, ledger }: Host,
  { nics }: Pick<MachineInputs, "nics">,
  macs: readonly string[],
): Promise<MachineNic[]> {
  return Promise.all(
    nics.map(async (nic, index) => {
      const { network, address } = nic;
      const mac = macs[index] ?? "";
      if (network === undefined) return nic;
      const isNoted = (await ledger.entry("reservation", nameOf(network, mac))) !== undefined;
      if (address === undefined && !isNoted) return nic;
      const present = await dhcpNetwork(libvirt, network);
      if (present === undefined) return { ...nic, address: undefined };
      if (address !== undefined && !givesAddress(present, address)) return nic;
      return { ...nic, address: present.hosts.find((each) => each.mac === mac)?.address };
    }),
  );
}

/** Of the expected ones, those that the network still gives to other machines. */
export async function awaitedIn(host: Host, network: string, expected: readonly Reservation[]): Promise<Awaited[]> {
  const missing = await missingOf(host, expected);
  if (missing.length === 0) return [];
  const [present, holders] = await Promise.all([dhcpNetwork(host.libvirt, network), holdersByMac(host.libvirt)]);
  return missing.map((desired) => {
    const mac = present?.hosts.find(({ address }) => address === desired.address)?.mac ?? "";
    const holder = holders.get(mac);
    return { ...desired, holder: holder === undefined ? mac : `machine "${holder.name}"` };
  });
}
