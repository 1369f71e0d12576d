import type { BootMedia, IsoFacts } from "../family";

/** GRUB of UEFI ends up at /boot/grub/grub.cfg, which the EFI image only points to. */
export function debianMedia({ files }: Pick<IsoFacts, "files">): BootMedia {
  return {
    kernel: "install.amd/vmlinuz",
    initrd: "install.amd/initrd.gz",
    isolinux: ["isolinux/isolinux.cfg"].filter((file) => files.has(file)),
    grub: ["boot/grub/grub.cfg"].filter((file) => files.has(file)),
    efiGrub: [],
    ...(files.has("md5sum.txt") ? { md5sums: "md5sum.txt" } : {}),
    implantedMd5: false,
    baseArguments: [],
  };
}
