import type { BootMedia, IsoFacts } from "../family";

/** The EFI images hold no menu: their GRUB looks for the medium, and reads that of the ISO's file system. */
export function ubuntuMedia({ files }: Pick<IsoFacts, "files">): BootMedia {
  return {
    kernel: "casper/vmlinuz",
    initrd: "casper/initrd",
    isolinux: ["isolinux/isolinux.cfg"].filter((file) => files.has(file)),
    grub: ["boot/grub/grub.cfg"].filter((file) => files.has(file)),
    efiGrub: [],
    ...(files.has("md5sum.txt") ? { md5sums: "md5sum.txt" } : {}),
    implantedMd5: false,
    baseArguments: [],
  };
}
