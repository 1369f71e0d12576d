import type { DomainCounters } from "../../../libvirt/client";

/** One look at a running installation. */
export interface Look {
  /** In milliseconds. */
  readonly at: number;
  /** Whether the installer's log has grown since the previous look. */
  readonly hasLogged: boolean;
  /** Without those that libvirt could not read at once. */
  readonly counters: DomainCounters;
}

/** Finds out since when an installation has made no progress. */
export interface Activity {
  /** @returns the time of its last progress, in milliseconds */
  lastProgress(look: Look): number;
}

interface Kind {
  readonly counter: RegExp;
  /** The growth within a minute that counts as progress, in bytes. */
  readonly least: number;
}

/**
 * Nothing that a guest receives counts: a network has broadcasts. A guest at a question sends some packets (ARP, time, multicast
 * reports), and up to 12 KiB a minute if it requests an address and gets none, as measured with Debian's installer. The
 * acknowledgements of a download at 25 KiB/s are more than 32 KiB. A live system at a question reads a few pages of its medium
 * from time to time; a check of a medium reads far more. Every write counts.
 */
const kinds: readonly Kind[] = [
  { counter: /^block\.\d+\.wr\.bytes$/, least: 1 },
  { counter: /^block\.\d+\.rd\.bytes$/, least: 2 ** 20 },
  { counter: /^net\.\d+\.tx\.bytes$/, least: 32 * 2 ** 10 },
];

const minute = 60_000;

/** @param start of the wait, in milliseconds */
export function activityFrom(start: number): Activity {
  const growths = kinds.map(growthOf);
  let [last, known]: [number, DomainCounters] = [start, new Map()];
  return {
    lastProgress: ({ at, hasLogged, counters }) => {
      known = new Map([...known, ...counters]);
      const hasGrown = growths.map((growth) => growth(at, known)).includes(true);
      if (hasLogged || hasGrown) last = at;
      return last;
    },
  };
}

/** Compares with the start of the current minute, because each growth between two looks may be small. */
function growthOf({ counter, least }: Kind): (at: number, counters: DomainCounters) => boolean {
  let base: { readonly at: number; readonly total: number } | undefined;
  return (at, counters) => {
    const total = [...counters].reduce((sum, [name, value]) => (counter.test(name) ? sum + value : sum), 0);
    const hasGrown = base !== undefined && total - base.total >= least;
    if (base === undefined || hasGrown || at - base.at >= minute) base = { at, total };
    return hasGrown;
  };
}
