import { sector } from "./session";

/**
 * The check of Red Hat's installers reads this many bytes at a time, and compares partial sums only at multiples of
 * them.
 */
const step = 32768;
const fragments = 20;
const charactersOfFragment = 3;
/** Burners may leave the last sectors unreadable. */
const skippedSectors = 15;

/** The number of bytes of a volume that the check covers. */
export function checkedBytes(volumeBytes: number): number {
  return Math.max(0, volumeBytes - skippedSectors * sector);
}

/**
 * The text for Red Hat's medium check, which searches for it among the volume descriptors: a sum of all bytes that the
 * check covers, and partial sums with which it can end early.
 * @param bytes that the check covers
 * @param sumsOfStarts gives the MD5 sums of the volume's first bytes, with spaces in place of the text
 */
export async function implantedMd5(
  bytes: number,
  sumsOfStarts: (lengths: readonly number[]) => Promise<readonly string[]>,
): Promise<string> {
  const sums = await sumsOfStarts([...fragmentEnds(bytes), bytes]);
  const parts = sums.slice(0, -1).map(fragmentOf);
  return [
    `ISO MD5SUM = ${sums.at(-1) ?? ""}`,
    `SKIPSECTORS = ${skippedSectors}`,
    "RHLISOSTATUS=0",
    `FRAGMENT SUMS = ${parts.join("")}`,
    `FRAGMENT COUNT = ${fragments}`,
    "THIS IS NOT THE SAME AS RUNNING MD5SUM ON THIS ISO!!",
  ].join(";");
}

/** A fragment ends with the step in which the next one starts. */
function fragmentEnds(bytes: number): number[] {
  return Array.from({ length: fragments }, (_, index) => {
    const nextBegins = Math.ceil(((index + 1) * bytes) / ((fragments + 1) * step));
    return Math.min((nextBegins + 1) * step, bytes);
  });
}

/** The first digit of each byte, without a leading zero. */
function fragmentOf(sum: string): string {
  const bytes = Buffer.from(sum, "hex").subarray(0, charactersOfFragment);
  return [...bytes].map((byte) => byte.toString(16).charAt(0)).join("");
}
