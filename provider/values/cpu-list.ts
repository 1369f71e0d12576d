/** As many numbers as libvirt itself takes. */
const most = 4096;

/** The numbers of a list such as `0-3,6`; undefined when it is none. */
export function parseCpuList(text: string): number[] | undefined {
  if (!/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(text)) return undefined;
  const ranges = text.split(",").map((range) => range.split("-").map(Number));
  if (ranges.some(([first = 0, last = first]) => last < first || last >= most)) return undefined;
  const numbers = ranges.flatMap(([first = 0, last = first]) =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index),
  );
  return [...new Set(numbers)].sort((one, other) => one - other);
}

/** The shortest form, in which libvirt keeps it. */
export function formatCpuList(numbers: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const number of numbers) {
    const range = ranges.at(-1);
    if (range?.[1] === number - 1) range[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(",");
}
