import path from "node:path";
import type { Host } from "../../../resource/host";
import { Conflict, KvmError, lastLines, CommandFailed } from "../../../values/errors";
import type { Image } from "../definition/disk";
import { anyContent, contentIn } from "./signatures";

const piece = 2 ** 20;

/**
 * What an image contains in the places of partition tables, file systems and volume managers: in the first and last
 * mebibyte of the guest's disk. Undefined if both are empty, and for a missing image, which has no content to lose.
 */
export async function contentOf(host: Host, { path: file, format }: Image): Promise<string | undefined> {
  if ((await host.files.stat(file)) === undefined) return undefined;
  try {
    return await host.files.withTemporaryDirectory(async (directory) => {
      const pieces = Math.ceil((await sizeOf(host, file, format)) / piece);
      // Without a count qemu-img reads to the end; with a count and a skip it counts from the start.
      const ranges = [["count=1"], [`skip=${Math.max(0, pieces - 2)}`]];
      const copies = ranges.map(async (range, index) => {
        const copy = path.join(directory, String(index));
        const io = [...range, `bs=${piece}`, `if=${file}`, `of=${copy}`];
        await host.run("qemu-img", ["dd", "-U", "-f", format, "-O", "raw", ...io]);
        return host.files.readFrom(copy, 0);
      });
      const [first = Buffer.alloc(0), last = Buffer.alloc(0)] = await Promise.all(copies);
      return contentIn({ first, last });
    });
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    const reason = lastLines(error.failure.stderr, 1).replace(/^qemu-img: /, "");
    throw new KvmError("command-failed", `can't find out whether ${file} has content: ${reason}`, { cause: error });
  }
}

/** @throws Conflict if a disk that the installation may erase has content */
export async function requireEmpty(host: Host, images: readonly (readonly [string, Image])[]): Promise<void> {
  for (const [property, image] of images) {
    const content = await contentOf(host, image);
    if (content === undefined) continue;
    const what = content === anyContent ? "" : `: ${content}`;
    throw new Conflict(`${image.path} has content, and the installation would erase it${what}`, {
      property,
      remedy:
        "Set overwrite to true to erase it, give another volume, name the disks to install on as the InstallerIso's system.disk.devices, or remove the installer",
    });
  }
}

/** Of the guest's disk, in bytes. */
export async function sizeOf(host: Host, file: string, format: string): Promise<number> {
  const { stdout } = await host.run("qemu-img", ["info", "-U", "-f", format, "--output=json", file]);
  return (JSON.parse(stdout) as { readonly "virtual-size": number })["virtual-size"];
}
