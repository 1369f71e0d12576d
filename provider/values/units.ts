const factors = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 } as const;

type Unit = keyof typeof factors;

/** A size in binary units: `"512MiB"`, `"20GiB"`. */
export type Size = `${number}${Unit}`;

const pattern = /^(\d+(?:\.\d+)?)\s*(B|KiB|MiB|GiB|TiB)$/;

/** Bytes of a size, or undefined when the text is none, or not a whole number of bytes. */
export function parseSize(text: string): number | undefined {
  const [, count, unit] = pattern.exec(text.trim()) ?? [];
  if (count === undefined || unit === undefined) return undefined;
  const bytes = Number(count) * factors[unit as Unit];
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** The shortest exact form: 1073741824 is `1GiB`, 1536 MiB stays `1536MiB`. */
export function formatSize(bytes: number): Size {
  const units = Object.keys(factors).reverse() as Unit[];
  const unit = units.find((candidate) => bytes % factors[candidate] === 0 && bytes >= factors[candidate]) ?? "B";
  return `${bytes / factors[unit]}${unit}`;
}
