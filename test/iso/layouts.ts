import type { BootMedia } from "../../provider/install/family";

const loader = "boot/x86_64/loader";
const none = { isolinux: [], grub: [], efiGrub: [], implantedMd5: false, baseArguments: [] };

const debian: BootMedia = {
  ...none,
  ...{ kernel: "install.amd/vmlinuz", initrd: "install.amd/initrd.gz", md5sums: "md5sum.txt" },
  ...{ isolinux: ["isolinux/isolinux.cfg"], grub: ["boot/grub/grub.cfg"] },
};

const ubuntu: BootMedia = {
  ...none,
  ...{ kernel: "casper/vmlinuz", initrd: "casper/initrd", md5sums: "md5sum.txt", grub: ["boot/grub/grub.cfg"] },
};

function redHat(label: string, own: Partial<BootMedia>): BootMedia {
  return {
    ...none,
    ...{ kernel: "images/pxeboot/vmlinuz", initrd: "images/pxeboot/initrd.img", implantedMd5: true },
    baseArguments: [`inst.stage2=hd:LABEL=${label}`],
    ...own,
  };
}

const efiMenu = "EFI/BOOT/grub.cfg";
const efiFile = { image: "images/efiboot.img", file: efiMenu };
const isolinux = { isolinux: ["isolinux/isolinux.cfg"], grub: [efiMenu], efiGrub: [efiFile] };
const appended = {
  grub: ["boot/grub2/grub.cfg", efiMenu],
  efiGrub: [efiFile, { image: "appended", file: efiMenu }],
};

const leap: BootMedia = {
  ...none,
  ...{ kernel: `${loader}/linux`, initrd: `${loader}/initrd`, isolinux: [`${loader}/isolinux.cfg`], grub: [efiMenu] },
  ...{ efiGrub: [{ image: "boot/x86_64/efi", file: efiMenu }], baseArguments: ["splash=silent"] },
};

const agama: BootMedia = {
  ...none,
  ...{ kernel: `${loader}/linux`, initrd: `${loader}/initrd`, grub: ["boot/grub2/grub.cfg"] },
};

/** What the remaster touches in the ISO of each name of tools/installer-isos. */
export const mediaOf: Readonly<Record<string, BootMedia>> = {
  "debian-12": debian,
  "debian-13": debian,
  "ubuntu-20.04": { ...ubuntu, isolinux: ["isolinux/isolinux.cfg"] },
  "ubuntu-24.04": ubuntu,
  "fedora-43": redHat("Fedora-E-dvd-x86_64-43", {
    grub: [...appended.grub, "EFI/BOOT/BOOT.conf"],
    efiGrub: [...appended.efiGrub, { image: "appended", file: "EFI/BOOT/BOOT.conf" }],
  }),
  "alma-8": redHat("AlmaLinux-8-10-x86_64-dvd", isolinux),
  "alma-9": redHat("AlmaLinux-9-6-x86_64-dvd", isolinux),
  "alma-10": redHat("AlmaLinux-10-1-x86_64-dvd", appended),
  "leap-15.6": leap,
  "sles-15": leap,
  "leap-16.0": agama,
  "sles-16.1": agama,
};
