import type { DhcpHost } from "./dhcp";

export interface Move {
  readonly command: "add-last" | "modify" | "delete";
  readonly host: DhcpHost;
}

/**
 * What brings a network's hosts to what is wished for, one after another, so that no address is ever given twice. A host
 * that wishes for another address gives its own up to whom wants it; one that wishes for nothing keeps it. Several may
 * change their addresses in a ring: then one of them has none for a moment.
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

/** The wishes that aren't true yet, for addresses that nobody keeps; of several for one address, the first. */
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
