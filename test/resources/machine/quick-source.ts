import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { makeDebianIso } from "../../iso/debian-iso";

/**
 * Looks on its medium, sector by sector, for the mark that the answers ask for, writes it to the second serial port and a
 * boot sector that only halts to the first disk, and powers off: an installation of two seconds. Its first bytes are left
 * to the boot information table.
 */
const quick =
  "fa 31c0 8ed8 8ec0 8ed0 bc007c fb fc 8816bc7c" +
  "bec07c b442 8a16bc7c cd13 724b" + // the next sector of the medium
  "bf0090 57 bee07c b91600 f3a6 5f 7506 807d162f 770e 47 81ffd897 72e7 66ff06c87c ebd0" + // is the mark in it, complete?
  "89fe b92600 b30a e82100 ac 88c3 e81b00 e2f8 b30a e81400" + // tells it
  "bed07c b80043 b280 cd13" + // writes to the disk
  "ba0406 b80020 ef f4 ebfd" + // powers off
  "bafd02 ec a820 74f8 baf802 88d8 ee c3" + // a character
  "00 8d7400 1000 0100 0090 0000 10000000 00000000 1000 0100 0080 0000 0000000000000000";
const mark = Buffer.from("kvm-deploy: installed ");
/** Never gets anywhere. */
const stuck = "fa f4 ebfd";

export type InstallerKind = "quick" | "stuck";

/** An ISO as Debian's, of which only the boot loader of BIOS is another. */
export function quickSource(folder: string, kind: InstallerKind): { path: string; sha256: string } {
  const file = path.join(folder, `${kind}-source.iso`);
  if (!existsSync(file))
    makeDebianIso(file, { files: { "isolinux/isolinux.bin": bootImage(kind) }, hasPartitions: false });
  return { path: file, sha256: createHash("sha256").update(readFileSync(file)).digest("hex") };
}

function bootImage(kind: InstallerKind): Buffer {
  const image = Buffer.alloc(2048);
  image.write("eb3e", "hex");
  const code = Buffer.from((kind === "quick" ? quick : stuck).replaceAll(" ", ""), "hex");
  code.copy(image, 64);
  if (kind === "quick") mark.copy(image, 64 + code.length);
  image.write("faf4ebfd", 1024, "hex");
  image.write("55aa", 1024 + 510, "hex");
  return image;
}
