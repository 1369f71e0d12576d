/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** From 0 on, below `end`. */
  below(end: number): number;
  oneOf<T>(items: readonly [T, ...T[]]): T;
}

/** Mulberry32. */
export function randomBy(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number) => Math.floor(next() * end);
  return { below, oneOf: ([first, ...others]) => [first, ...others][below(others.length + 1)] ?? first };
}

export function newSeed(): number {
  return Math.floor(Math.random() * 2 ** 31);
}
