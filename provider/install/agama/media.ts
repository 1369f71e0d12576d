import type { BootMedia, IsoFacts } from "../family";

const loader = "boot/x86_64/loader";
export const kernel = `${loader}/linux`;

/** The EFI image's own GRUB configuration only looks for this menu. Which root to mount is in the initrd: the volume id's. */
export function agamaMedia({ files }: Pick<IsoFacts, "files">): BootMedia {
  return {
    kernel,
    initrd: `${loader}/initrd`,
    isolinux: [],
    grub: ["boot/grub2/grub.cfg"].filter((file) => files.has(file)),
    efiGrub: [],
    implantedMd5: false,
    baseArguments: [],
  };
}
