import type { BootMedia, IsoFacts } from "../family";
import { debianLayout } from "../shared/media";

/** GRUB of UEFI ends up at /boot/grub/grub.cfg, which the EFI image only points to. */
export function debianMedia({ files }: Pick<IsoFacts, "files">): BootMedia {
  return debianLayout(files, { kernel: "install.amd/vmlinuz", initrd: "install.amd/initrd.gz" });
}
