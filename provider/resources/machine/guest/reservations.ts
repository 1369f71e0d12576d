import { Conflict } from "../../../errors";
import { el, type Element, render } from "../../../format/xml";
import type { Context, Properties } from "../../../handler";
import type { Host } from "../../../host/index";
import type { Libvirt } from "../../../libvirt/client";
import { isOwn, readMark } from "../../../libvirt/mark";
import { stackOf } from "../../../ownership";
import { type DhcpHost, dhcpNetwork, type DhcpNetwork, givesAddress, isHost } from "./dhcp";
import { type Holder, holdersByMac } from "./holders";
import { movesOf } from "./moves";
import type { MachineInputs, MachineNic } from "../schema";

interface Addressed {
  readonly nics: readonly Pick<MachineNic, "network" | "address">[];
}

/** A DHCP host that a machine has in a network: it gets its fixed address whether it asks or is configured with it. */
export interface Reservation extends DhcpHost {
  readonly network: string;
  /** Path of the address in the inputs. */
  readonly property: string;
}

export function reservationsOf({ nics }: Addressed, macs: readonly string[]): Reservation[] {
  return nics.flatMap(({ network, address }, index) =>
    network === undefined || address === undefined
      ? []
      : [{ network, address, mac: macs[index] ?? "", property: `nics[${index}].address` }],
  );
}

/** What a machine may have: of a NIC whose address the state has lost by a refresh, what is noted of it. */
export function mayBeReserved({ nics }: Addressed, macs: readonly string[]): Releasable[] {
  return nics.flatMap(({ network, address }, index) =>
    network === undefined ? [] : [{ network, address, mac: macs[index] ?? "" }],
  );
}

/** @property address undefined where only what is noted tells it */
type Releasable = Pick<Reservation, "network" | "mac"> & { readonly address: string | undefined };

/** Who wants an address. */
export type Claimant = Pick<Context, "urn" | "identity">;

/**
 * Makes the reservations where the networks give addresses by DHCP. What the machine is to have is noted first; an address
 * that another machine of the stack still has becomes the claimant's as soon as that one gives it up.
 * @throws Conflict when somebody else has an address; then nothing of that network is changed
 */
export async function reserve(
  host: Host,
  reservations: readonly Reservation[],
  claimant: Claimant,
): Promise<readonly Awaited[]> {
  const awaited: Awaited[] = [];
  for (const [network, wanted] of byNetwork(reservations))
    awaited.push(...(await host.lock(`network ${network}`, () => reserveIn(host, network, wanted, claimant))));
  return awaited;
}

/** Succeeds when the reservation, or the network, is gone already. Who waits for the address gets it. */
export async function release(host: Host, { network, mac, address }: Releasable): Promise<void> {
  const { libvirt, ledger } = host;
  await host.lock(`network ${network}`, async () => {
    const present = await dhcpNetwork(libvirt, network);
    const isNoted = (await ledger.entry("reservation", nameOf(network, mac))) !== undefined;
    const own = present?.hosts.find((each) => each.mac === mac && (isNoted || each.address === address));
    if (present !== undefined && own !== undefined) await changeHost(libvirt, present, "delete", own);
    if (isNoted) await ledger.release("reservation", nameOf(network, mac));
    await settle(host, network);
  });
}

/** Only what kvm-deploy has made for the claimant: a reservation that was there before it is noted nowhere. */
export async function releaseOwn(host: Host, reservation: Releasable, { identity }: Claimant): Promise<void> {
  const entry = await host.ledger.entry("reservation", nameOf(reservation.network, reservation.mac));
  if (entry?.identity === identity) await release(host, reservation);
}

/** An address that a machine is to have, and that another machine still has. */
export interface Awaited extends Reservation {
  readonly holder: string;
}

/** Such as `nics[0].address: network "lab" gives it to machine "web" as yet; …`. */
export function waitingFor({ property, network, address, holder }: Awaited): string {
  return `${property}: network "${network}" gives ${address} to ${holder} as yet; this machine gets it as soon as that one gives it up`;
}

const awaitedKey = "awaitedAddresses";

/** Outputs that tell what isn't reserved yet: another machine's update may bring it about, unknown to this one's state. */
export function awaiting(outputs: Properties, missing: readonly Reservation[]): Properties {
  return { ...outputs, [awaitedKey]: missing.map(({ property }) => property) };
}

/** Of what the last deployment left to others, what they have not brought about: in sentences for the preview. */
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

/** What is not reserved as it should be, though the networks are there and give addresses. */
export async function missingOf({ libvirt }: Host, reservations: readonly Reservation[]): Promise<Reservation[]> {
  const missing = await Promise.all(
    reservations.map(async (wanted) => {
      const present = await dhcpNetwork(libvirt, wanted.network);
      const isMissing = present !== undefined && givesAddress(present, wanted.address) && !isHost(present, wanted);
      return isMissing ? [wanted] : [];
    }),
  );
  return missing.flat();
}

/**
 * The NICs with the addresses that are reserved for them: none, or another one, where that is what their network has. Of a
 * NIC that asks for none it is what was reserved for it by kvm-deploy.
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

/**
 * Why a machine can't have an address, by those who have it or are to have it; undefined when it can, or may be able to
 * since those who have it belong to the same stack.
 */
export async function refusalOf(
  host: Host,
  present: DhcpNetwork,
  { mac, address, property }: Omit<Reservation, "network">,
  claimant: Claimant,
): Promise<Conflict | undefined> {
  const rivals = await rivalsIn(host, present, address, [mac]);
  const holders = rivals.length === 0 ? new Map<string, Holder>() : await holdersByMac(host.libvirt);
  for (const rival of rivals) {
    const holder = holders.get(rival.mac);
    if (holder === undefined ? rival.isNoted : isAkin(holder.root, claimant)) continue;
    return inUse(present, rival, holder, property);
  }
  return undefined;
}

async function reserveIn(
  host: Host,
  network: string,
  wanted: readonly Reservation[],
  claimant: Claimant,
): Promise<Awaited[]> {
  const present = await dhcpNetwork(host.libvirt, network);
  const asked = present === undefined ? [] : wanted.filter(({ address }) => givesAddress(present, address));
  if (present === undefined || asked.length === 0) return [];
  const wanting = await lacking(host, present, asked);
  if (wanting.length === 0) return [];
  for (const each of wanting) {
    const refusal = await refusalOf(host, present, each, claimant);
    if (refusal !== undefined) throw refusal;
  }
  for (const { mac, address } of wanting) {
    const entry = { owner: claimant.urn, identity: claimant.identity, thing: address };
    await host.ledger.claim("reservation", nameOf(network, mac), entry);
  }
  await settle(host, network);
  return awaitedIn(host, network, asked);
}

/** What is not reserved, or noted in another way. What others have reserved as it is wanted is not ours, and isn't noted. */
async function lacking(
  { ledger }: Host,
  present: DhcpNetwork,
  asked: readonly Reservation[],
): Promise<readonly Reservation[]> {
  const found = asked.map(async (wanted) => {
    const noted = await ledger.entry("reservation", nameOf(present.name, wanted.mac));
    const fits = isHost(present, wanted) && (noted === undefined || noted.thing === wanted.address);
    return fits ? [] : [wanted];
  });
  return (await Promise.all(found)).flat();
}

async function awaitedIn(host: Host, network: string, asked: readonly Reservation[]): Promise<Awaited[]> {
  const missing = await missingOf(host, asked);
  if (missing.length === 0) return [];
  const [present, holders] = await Promise.all([dhcpNetwork(host.libvirt, network), holdersByMac(host.libvirt)]);
  return missing.map((wanted) => {
    const mac = present?.hosts.find(({ address }) => address === wanted.address)?.mac ?? "";
    const holder = holders.get(mac);
    return { ...wanted, holder: holder === undefined ? mac : `machine "${holder.name}"` };
  });
}

/** Brings the network to what is noted, so far as addresses are free or given up. */
async function settle(host: Host, network: string): Promise<void> {
  const { libvirt, ledger } = host;
  const present = await dhcpNetwork(libvirt, network);
  const wishes = await wishesIn(host, network);
  if (present === undefined || wishes.every((wish) => isHost(present, wish))) return;
  const holders = await holdersByMac(libvirt);
  // A definition is there before its reservations are: what is noted of a machine that is gone is nobody's.
  const isLeft = ({ mac }: DhcpHost) => !holders.has(mac) && wishes.some((wish) => wish.mac === mac);
  for (const left of present.hosts.filter(isLeft)) await changeHost(libvirt, present, "delete", left);
  for (const { mac } of wishes.filter(isLeft)) await ledger.release("reservation", nameOf(network, mac));
  const [hosts, living] = [present.hosts, wishes].map((all) => all.filter((each) => !isLeft(each)));
  const given = living?.filter(({ address }) => givesAddress(present, address)) ?? [];
  for (const move of movesOf(hosts ?? [], given)) await changeHost(libvirt, present, move.command, move.host);
}

/** What is noted of a network's reservations: what each machine is to have. */
async function wishesIn({ ledger }: Host, network: string): Promise<DhcpHost[]> {
  const names = (await ledger.names("reservation")).filter((name) => name.startsWith(`${network}/`));
  const wishes = names.map(async (name) => {
    const address = (await ledger.entry("reservation", name))?.thing;
    return address === undefined ? [] : [{ mac: name.slice(network.length + 1), address }];
  });
  return (await Promise.all(wishes)).flat();
}

interface Rival {
  readonly mac: string;
  readonly address: string;
  /** Whether kvm-deploy has noted it. */
  readonly isNoted: boolean;
}

/** Who has an address and does not give it up, or is to have it. */
async function rivalsIn(
  host: Host,
  { name, hosts }: DhcpNetwork,
  address: string,
  own: readonly string[],
): Promise<Rival[]> {
  const wishes = await wishesIn(host, name);
  const wishOf = (mac: string) => wishes.find((wish) => wish.mac === mac)?.address;
  const stays = (mac: string) => [undefined, address].includes(wishOf(mac));
  const macs = [...hosts, ...wishes]
    .filter((each) => each.address === address && stays(each.mac))
    .map(({ mac }) => mac);
  return [...new Set(macs)]
    .filter((mac) => !own.includes(mac))
    .map((mac) => ({ mac, address, isNoted: wishOf(mac) !== undefined }));
}

/** A machine of the same stack may give up what it has in the same `up`; the claimant's own machine does. */
export function isAkin(root: Element, { urn, identity }: Claimant): boolean {
  const mark = readMark(root);
  return isOwn(root, identity) || (mark !== undefined && stackOf(mark.owner) === stackOf(urn));
}

function inUse({ name }: DhcpNetwork, { mac, address }: Rival, holder: Holder | undefined, property: string): Conflict {
  if (holder !== undefined)
    return new Conflict(`network "${name}" gives ${address} to machine "${holder.name}" (${mac}) already`, {
      property,
      remedy: "Choose another address",
    });
  return new Conflict(
    `network "${name}" gives ${address} to ${mac} already, which is no machine's MAC address on this host`,
    {
      property,
      remedy: `Choose another address, or free it: virsh net-update ${name} delete ip-dhcp-host "<host mac='${mac}'/>" --config, with --live too while the network runs`,
    },
  );
}

function nameOf(network: string, mac: string): string {
  return `${network}/${mac}`;
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
