import type { BootMedia } from "../../provider/install/family";
import { type FamilyId, detectRelease, familyOf } from "../../provider/install/index";
import type { IsoContents } from "../../provider/iso/inspect";

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

/** Where an ISO keeps what the remaster touches, by its family's own account. */
export function mediaOf(name: string, iso: IsoContents): BootMedia {
  return familyOf(detectRelease(iso, name).family).media(iso);
}
