import type { DhcpHost } from "./dhcp";

export interface Move {
  readonly command: "add-last" | "modify" | "delete";
  readonly host: DhcpHost;
}

/**
 * The steps from a network's actual hosts to the desired ones, one after another, so that no address is ever given
 * twice. A host with another desired address releases its own; a host without a desired one keeps it. In a ring of
 * exchanged addresses, one host has none for a moment.
 */
export function movesOf(hosts: readonly DhcpHost[], wishes: readonly DhcpHost[]): Move[] {
  let pending = granted(hosts, wishes);
  let current = [...hosts];
  const moves: Move[] = [];
  while (pending.length > 0) {
    const free = pending.find(({ address }) => !current.some((host) => host.address === address));
    if (free === undefined) {
      const inTheWay = current.find(({ address }) => address === pending[0]?.address);
      if (inTheWay === undefined) return moves;
      moves.push({ command: "delete", host: inTheWay });
      current = current.filter((host) => host !== inTheWay);
      continue;
    }
    const isThere = current.some(({ mac }) => mac === free.mac);
    moves.push({ command: isThere ? "modify" : "add-last", host: free });
    current = [...current.filter(({ mac }) => mac !== free.mac), free];
    pending = pending.filter((wish) => wish !== free);
  }
  return moves;
}

/**
 * The desired addresses that are not yet reserved and not kept by another host; of several for one address, the first.
 */
function granted(hosts: readonly DhcpHost[], wishes: readonly DhcpHost[]): DhcpHost[] {
  const wishOf = (mac: string) => wishes.find((wish) => wish.mac === mac);
  const kept = hosts.filter(({ mac, address }) => [undefined, address].includes(wishOf(mac)?.address));
  const taken = new Set(kept.map(({ address }) => address));
  return wishes.filter(({ mac, address }) => {
    if (kept.some((host) => host.mac === mac) || taken.has(address)) return false;
    taken.add(address);
    return true;
  });
}
