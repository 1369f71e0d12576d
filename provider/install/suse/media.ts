import type { BootMedia, IsoFacts } from "../family";

const loader = "boot/x86_64/loader";
export const menu = `${loader}/isolinux.cfg`;
const efiImage = "boot/x86_64/efi";
export const menus: readonly string[] = ["EFI/BOOT/grub.cfg"];

export function suseMedia({ files }: Pick<IsoFacts, "files">): BootMedia {
  const grub = menus.filter((file) => files.has(file));
  return {
    kernel: `${loader}/linux`,
    initrd: `${loader}/initrd`,
    isolinux: [menu].filter((file) => files.has(file)),
    grub,
    efiGrub: files.has(efiImage) ? grub.map((file) => ({ image: efiImage, file })) : [],
    implantedMd5: false,
    baseArguments: ["splash=silent"],
  };
}
