export interface Measured {
  readonly value: number;
  /** What has been measured. */
  readonly name: string;
}

export interface Spread {
  readonly median: number;
  /** 95 of 100 have at most this. */
  readonly p95: number;
  readonly most: Measured;
}

/** Each figure is one that was measured (nearest rank). Undefined of nothing. */
export function spreadOf(measured: readonly Measured[]): Spread | undefined {
  const sorted = measured.toSorted((one, other) => one.value - other.value);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1];
  const [median, p95] = [at(0.5), at(0.95)];
  if (median === undefined || p95 === undefined) return undefined;
  const most = sorted.find(({ value }) => value === sorted.at(-1)?.value) ?? p95;
  return { median: median.value, p95: p95.value, most };
}

export function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
