import { KvmError } from "../values/errors";
import { type Extent, locateInFat, type ReadBytes } from "./fat";
import type { EfiText } from "./plan";
import type { Patch } from "./session";

/**
 * What to write into an ISO to change texts inside its EFI images. Only the bytes of the old text change: the new one is
 * filled up to its length. So loaders, folders and times stay as they are; a file that an image doesn't have is left out.
 */
export async function efiPatches(read: ReadBytes, texts: readonly EfiText[]): Promise<Patch[]> {
  const patches = texts.map(async ({ image, file, text }) => {
    const extents = await locateInFat((offset, length) => read(image + offset, length), file);
    return extents === undefined ? [] : spread(fillUp(text, extents, file), extents, image);
  });
  return (await Promise.all(patches)).flat();
}

function fillUp(text: string, extents: readonly Extent[], file: string): Buffer {
  const room = extents.reduce((sum, { length }) => sum + length, 0);
  if (Buffer.byteLength(text) <= room) return Buffer.from(text.padEnd(room, "\n"));
  throw new KvmError(
    "unsupported",
    `${file} in the ISO's EFI image has ${room} bytes, too few for what must be there (${text.length})`,
    { remedy: "Take the installer ISO as its distribution publishes it" },
  );
}

function spread(content: Buffer, extents: readonly Extent[], base: number): Patch[] {
  let done = 0;
  return extents.map(({ offset, length }) => {
    const patch = { offset: base + offset, content: content.subarray(done, done + length) };
    done += length;
    return patch;
  });
}
