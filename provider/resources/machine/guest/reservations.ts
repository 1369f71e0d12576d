import { el, render } from "../../../format/xml";
import type { Libvirt } from "../../../libvirt/client";
import type { Host } from "../../../resource/host";
import type { Claimant } from "../definition/akin";
import { type Awaited, awaitedIn } from "./awaited";
import { type DhcpHost, dhcpNetwork, type DhcpNetwork, givesAddress, isHost } from "./dhcp";
import { holdersByMac } from "./holders";
import { movesOf } from "./moves";
import type { Releasable, Reservation } from "./reservation";
import { refusalOf } from "./rivals";
import { nameOf, wishesIn } from "./wishes";

/**
 * Makes the reservations in networks with DHCP. They are recorded first. An address that another machine of the stack
 * still has is given to the claimant as soon as that machine releases it.
 * @throws Conflict if an address has another owner; then nothing of that network is changed
 */
export async function reserve(
  host: Host,
  reservations: readonly Reservation[],
  claimant: Claimant,
): Promise<readonly Awaited[]> {
  const awaited: Awaited[] = [];
  for (const [network, desired] of byNetwork(reservations))
    awaited.push(...(await host.lock(`network ${network}`, () => reserveIn(host, network, desired, claimant))));
  return awaited;
}

/** Succeeds if the reservation, or the network, no longer exists. A machine that waits for the address gets it. */
export async function release(host: Host, { network, mac, address }: Releasable): Promise<void> {
  const { libvirt, ledger } = host;
  await host.lock(`network ${network}`, async () => {
    const actual = await dhcpNetwork(libvirt, network);
    const isNoted = (await ledger.entry("reservation", nameOf(network, mac))) !== undefined;
    const own = actual?.hosts.find((each) => each.mac === mac && (isNoted || each.address === address));
    if (actual !== undefined && own !== undefined) await changeHost(libvirt, actual, "delete", own);
    if (isNoted) await ledger.release("reservation", nameOf(network, mac));
    await settle(host, network);
  });
}

/** Only reservations that kvm-deploy has made for the claimant: an earlier reservation has no record. */
export async function releaseOwn(host: Host, reservation: Releasable, { identity }: Claimant): Promise<void> {
  const entry = await host.ledger.entry("reservation", nameOf(reservation.network, reservation.mac));
  if (entry?.identity === identity) await release(host, reservation);
}

async function reserveIn(
  host: Host,
  network: string,
  desired: readonly Reservation[],
  claimant: Claimant,
): Promise<Awaited[]> {
  const actual = await dhcpNetwork(host.libvirt, network);
  const served = actual === undefined ? [] : desired.filter(({ address }) => givesAddress(actual, address));
  if (actual === undefined || served.length === 0) return [];
  const wanting = await lacking(host, actual, served);
  if (wanting.length === 0) return [];
  for (const each of wanting) {
    const refusal = await refusalOf(host, actual, each, claimant);
    if (refusal !== undefined) throw refusal;
  }
  for (const { mac, address } of wanting) {
    const entry = { owner: claimant.urn, identity: claimant.identity, thing: address };
    await host.ledger.claim("reservation", nameOf(network, mac), entry);
  }
  await settle(host, network);
  return awaitedIn(host, network, served);
}

/**
 * Missing reservations, or those with a different record. A matching reservation of another program is not ours, and
 * isn't recorded.
 */
async function lacking(
  { ledger }: Host,
  actual: DhcpNetwork,
  served: readonly Reservation[],
): Promise<readonly Reservation[]> {
  const found = served.map(async (desired) => {
    const noted = await ledger.entry("reservation", nameOf(actual.name, desired.mac));
    const fits = isHost(actual, desired) && (noted === undefined || noted.thing === desired.address);
    return fits ? [] : [desired];
  });
  return (await Promise.all(found)).flat();
}

/** Changes the network to its records, as far as addresses are free or released. */
async function settle(host: Host, network: string): Promise<void> {
  const { libvirt, ledger } = host;
  const actual = await dhcpNetwork(libvirt, network);
  const wishes = await wishesIn(host, network);
  if (actual === undefined || wishes.every((wish) => isHost(actual, wish))) return;
  const holders = await holdersByMac(libvirt);
  // A definition exists before its reservations: the records of a machine that no longer exists have no owner.
  const isLeft = ({ mac }: DhcpHost) => !holders.has(mac) && wishes.some((wish) => wish.mac === mac);
  for (const left of actual.hosts.filter(isLeft)) await changeHost(libvirt, actual, "delete", left);
  for (const { mac } of wishes.filter(isLeft)) await ledger.release("reservation", nameOf(network, mac));
  const [hosts, living] = [actual.hosts, wishes].map((all) => all.filter((each) => !isLeft(each)));
  const given = living?.filter(({ address }) => givesAddress(actual, address)) ?? [];
  for (const move of movesOf(hosts ?? [], given)) await changeHost(libvirt, actual, move.command, move.host);
}

function byNetwork(reservations: readonly Reservation[]): Map<string, Reservation[]> {
  const groups = new Map<string, Reservation[]>();
  for (const each of reservations) groups.set(each.network, [...(groups.get(each.network) ?? []), each]);
  return groups;
}

function changeHost(
  libvirt: Libvirt,
  { uuid, parentIndex }: DhcpNetwork,
  command: "add-last" | "modify" | "delete",
  { mac, address }: DhcpHost,
): Promise<void> {
  const xml = render(el("host", { mac, ip: address }));
  return libvirt.updateNetwork(uuid, { command, section: "ip-dhcp-host", xml, parentIndex });
}
