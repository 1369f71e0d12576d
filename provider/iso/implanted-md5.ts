import { createHash, type Hash } from "node:crypto";
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
 * @param pieces the volume from its start, with spaces in place of the text
 */
export async function implantedMd5(bytes: number, pieces: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash("md5");
  const ends = fragmentEnds(bytes);
  const parts: string[] = [];
  let position = 0;
  for await (const piece of pieces) {
    const here = ends.filter((end) => end > position && end <= position + piece.length);
    let done = 0;
    for (const end of here) {
      hash.update(piece.subarray(done, end - position));
      done = end - position;
      parts.push(fragmentOf(hash));
    }
    hash.update(piece.subarray(done, bytes - position));
    position += piece.length;
  }
  return [
    `ISO MD5SUM = ${hash.digest("hex")}`,
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
function fragmentOf(hash: Hash): string {
  const sum = hash.copy().digest().subarray(0, charactersOfFragment);
  return [...sum].map((byte) => byte.toString(16).charAt(0)).join("");
}
