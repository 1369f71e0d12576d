import type { Layout } from "../layout";
import { agamaLayout } from "./agama";
import { debianLayout } from "./debian";
import { leapLayout } from "./leap";
import { redHatIsolinuxLayout, redHatLayout } from "./red-hat";
import { ubuntuIsolinuxLayout, ubuntuLayout } from "./ubuntu";

const efiCommands = ["linuxefi", "initrdefi"] as const;

function alma(version: string, volumeId: string) {
  return {
    ...{ name: `alma-${version.split(".", 1)[0] ?? ""}`, family: "AlmaLinux", version, variant: "Minimal", volumeId },
    ...{ package: `almalinux-release-${version}-1.x86_64.rpm`, commands: efiCommands },
  };
}

/** One of each layout that distributions use or used, in releases that are supported. */
export const layouts: readonly Layout[] = [
  debianLayout({ version: "12.12.0", codename: "bookworm", title: "Bookworm" }),
  debianLayout({ version: "13.2.0", codename: "trixie", title: "Trixie" }),
  ubuntuIsolinuxLayout({ version: "20.04.6 LTS", codename: "focal", title: "Focal Fossa" }),
  ubuntuLayout({ version: "24.04.3 LTS", codename: "noble", title: "Noble Numbat" }),
  redHatLayout({
    ...{ name: "fedora-43", family: "Fedora", version: "43", variant: "Everything" },
    ...{
      volumeId: "Fedora-E-dvd-x86_64-43",
      package: "fedora-release-43-26.noarch.rpm",
      commands: ["linux", "initrd"],
    },
  }),
  redHatIsolinuxLayout(alma("8.10", "AlmaLinux-8-10-x86_64-dvd")),
  redHatIsolinuxLayout(alma("9.6", "AlmaLinux-9-6-x86_64-dvd")),
  redHatLayout(alma("10.1", "AlmaLinux-10-1-x86_64-dvd")),
  leapLayout({
    ...{ name: "leap-15.6", volumeId: "openSUSE-Leap-15.6-DVD-x86_64710" },
    ...{ product: "openSUSE-Leap", title: "openSUSE Leap", version: "15.6" },
  }),
  leapLayout({
    ...{ name: "sles-15", volumeId: "SLE-15-SP7-Online-x86_64410.1" },
    ...{ product: "SLE", title: "SUSE Linux Enterprise Server", version: "15.7" },
  }),
  agamaLayout({
    ...{ name: "leap-16.0", volumeId: "Install-Leap-16.0-x86_64", title: "Leap 16.0" },
    ...{ product: "/ Leap 16.0-1", isHidden: false },
  }),
  agamaLayout({
    ...{ name: "sles-16.1", volumeId: "Install-SUSE-SLE-16.1-x86_64", title: "SUSE SLE 16.1" },
    ...{ product: "/ SLES 16.1-1", isHidden: true },
  }),
];
