import { crc32, deflateSync } from "node:zlib";
import type { Context } from "../../../resource/handler";
import type { Host } from "../../../resource/host";
import type { InstallationWatch } from "./watch";

/**
 * Writes a picture of the machine's display, which may show secrets.
 * @returns its file; undefined without a graphics card
 */
export async function takePicture(
  host: Host,
  { uuid, picture }: Pick<InstallationWatch, "uuid" | "picture">,
  context: Context,
): Promise<string | undefined> {
  try {
    const png = asPng(await host.libvirt.screenshot(uuid));
    // A display that has not been drawn yet gives no bytes.
    if (png.length === 0) return undefined;
    await host.files.write(picture, png, 0o600);
    return picture;
  } catch (failure) {
    context.debug(failure);
    return undefined;
  }
}

/** QEMU before 7.1 gives a portable pixmap. */
export function asPng(picture: Uint8Array): Uint8Array {
  const [header = "", width = "", height = ""] =
    /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(Buffer.from(picture.subarray(0, 64)).toString("latin1")) ?? [];
  if (header === "") return picture;
  const pixels = Buffer.from(picture.subarray(header.length));
  const row = Number(width) * 3;
  // Each row starts with the number of its filter: none.
  const rows = Array.from({ length: Number(height) }, (_, index) => [
    Buffer.alloc(1),
    pixels.subarray(index * row, (index + 1) * row),
  ]);
  const size = Buffer.alloc(13);
  size.writeUInt32BE(Number(width), 0);
  size.writeUInt32BE(Number(height), 4);
  // Eight bits for each of red, green and blue.
  size.set([8, 2], 8);
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", size),
    chunk("IDAT", deflateSync(Buffer.concat(rows.flat()))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(content));
  return Buffer.concat([length, content, sum]);
}
