import type { BootMedia } from "../family";

/** The layout of Debian's ISOs, which Ubuntu's have too: one menu of isolinux's and one of GRUB's, and a list of sums. */
export function debianLayout(
  files: ReadonlySet<string>,
  { kernel, initrd }: Pick<BootMedia, "kernel" | "initrd">,
): BootMedia {
  return {
    kernel,
    initrd,
    isolinux: ["isolinux/isolinux.cfg"].filter((file) => files.has(file)),
    grub: ["boot/grub/grub.cfg"].filter((file) => files.has(file)),
    efiGrub: [],
    ...(files.has("md5sum.txt") ? { md5sums: "md5sum.txt" } : {}),
    implantedMd5: false,
    baseArguments: [],
  };
}
