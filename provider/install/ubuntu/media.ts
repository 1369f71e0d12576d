import type { BootMedia, IsoFacts } from "../family";
import { debianLayout } from "../shared/media";

/** The EFI images hold no menu: their GRUB looks for the medium, and reads that of the ISO's file system. */
export function ubuntuMedia({ files }: Pick<IsoFacts, "files">): BootMedia {
  return debianLayout(files, { kernel: "casper/vmlinuz", initrd: "casper/initrd" });
}
