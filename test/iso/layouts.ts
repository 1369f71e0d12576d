import type { BootMedia, FamilyId } from "../../provider/install/family";
import { detectRelease, families, familyOf } from "../../provider/install/index";
import type { IsoContents } from "../../provider/iso/inspect";

const loader = "boot/x86_64/loader";
const none = { isolinux: [], grub: [], efiGrub: [], implantedMd5: false, baseArguments: [] };

const agama: BootMedia = {
  ...none,
  ...{ kernel: `${loader}/linux`, initrd: `${loader}/initrd`, grub: ["boot/grub2/grub.cfg"] },
};

/** What the ISOs of tools/installer-isos are told to be. */
export const releaseOf: Readonly<Record<string, { family: FamilyId; version: string }>> = {
  "debian-12": { family: "debian", version: "12.12.0" },
  "debian-13": { family: "debian", version: "13.2.0" },
  "ubuntu-20.04": { family: "ubuntu", version: "20.04.6" },
  "ubuntu-24.04": { family: "ubuntu", version: "24.04.3" },
  "fedora-43": { family: "redhat", version: "43" },
  "alma-8": { family: "redhat", version: "8.10" },
  "alma-9": { family: "redhat", version: "9.6" },
  "alma-10": { family: "redhat", version: "10.1" },
  "leap-15.6": { family: "suse", version: "15.6" },
  "sles-15": { family: "suse", version: "15.7" },
  "leap-16.0": { family: "agama", version: "16.0" },
  "sles-16.1": { family: "agama", version: "16.1" },
};

export function isKnown(name: string): boolean {
  return families.some(({ id }) => id === releaseOf[name]?.family);
}

/** Where the ISO of that name keeps what the remaster touches, by the family's own account where there is one. */
export function mediaOf(name: string, iso: IsoContents): BootMedia {
  if (isKnown(name)) return familyOf(detectRelease(iso, name).family).media(iso);
  const media = mediaByName[name];
  if (media === undefined) throw new Error(`no media are known of ${name}`);
  return media;
}

const mediaByName: Readonly<Record<string, BootMedia>> = {
  "leap-16.0": agama,
  "sles-16.1": agama,
};
