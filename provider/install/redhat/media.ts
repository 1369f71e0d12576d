import type { BootMedia, EfiGrub, IsoFacts } from "../family";

const efiBoot = "images/efiboot.img";
/** BOOT.conf is the same for EFI firmware of 32 bits. */
const efiMenus = ["EFI/BOOT/grub.cfg", "EFI/BOOT/BOOT.conf"];
export const menus: readonly string[] = ["boot/grub2/grub.cfg", ...efiMenus];

export function redhatMedia({ volumeId, files }: Pick<IsoFacts, "volumeId" | "files">): BootMedia {
  const isolinux = ["isolinux/isolinux.cfg"].filter((file) => files.has(file));
  const efi = efiMenus.filter((file) => files.has(file));
  return {
    kernel: "images/pxeboot/vmlinuz",
    initrd: "images/pxeboot/initrd.img",
    isolinux,
    grub: menus.filter((file) => files.has(file)),
    efiGrub: efiImages(files).flatMap((image): EfiGrub[] => efi.map((file) => ({ image, file }))),
    implantedMd5: true,
    baseArguments: [`inst.stage2=hd:LABEL=${udevEncoded(volumeId)}`],
  };
}

/** With isolinux the EFI image is a file; without it the EFI image is a partition after the file system, and on DVDs a file as well. */
function efiImages(files: ReadonlySet<string>): string[] {
  const asFile = files.has(efiBoot) ? [efiBoot] : [];
  return files.has("isolinux/isolinux.cfg") ? asFile : [...asFile, "appended"];
}

/** As udev names a disk by its label. */
function udevEncoded(label: string): string {
  return label.replaceAll(/[^\w#+\-.:=@]/g, (sign) => [...Buffer.from(sign)].map(hexEscape).join(""));
}

function hexEscape(byte: number): string {
  return String.raw`\x${byte.toString(16).padStart(2, "0")}`;
}
