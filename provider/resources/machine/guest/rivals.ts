import type { Host } from "../../../resource/host";
import { Conflict } from "../../../values/errors";
import { type Claimant, isAkin } from "../definition/akin";
import type { DhcpNetwork } from "./dhcp";
import { type Holder, holdersByMac } from "./holders";
import type { Reservation } from "./reservation";
import { wishesIn } from "./wishes";

/**
 * Why a machine can't have an address: its actual or future holders. Undefined if it can, or if the holders belong to
 * the same stack and may release it.
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

interface Rival {
  readonly mac: string;
  readonly address: string;
  /** Whether kvm-deploy has recorded it. */
  readonly isNoted: boolean;
}

/** The holders of an address that do not release it, or will get it. */
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

function inUse({ name }: DhcpNetwork, { mac, address }: Rival, holder: Holder | undefined, property: string): Conflict {
  if (holder !== undefined)
    return new Conflict(`network "${name}" already gives ${address} to machine "${holder.name}" (${mac})`, {
      property,
      remedy: "Choose another address",
    });
  return new Conflict(
    `network "${name}" already gives ${address} to ${mac}, which is no machine's MAC address on this host`,
    {
      property,
      remedy: `Choose another address, or free it: virsh net-update ${name} delete ip-dhcp-host "<host mac='${mac}'/>" --config, and with --live if the network runs`,
    },
  );
}
