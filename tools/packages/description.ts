export const formats = ["deb", "rpm"] as const;
export type Format = (typeof formats)[number];

/** What the package managers show, and what they install with it. */
export interface Needs {
  readonly depends: readonly string[];
  readonly recommends: readonly string[];
}

export const needs: Readonly<Record<Format, Needs>> = {
  deb: {
    depends: [
      "libc6 (>= 2.28)",
      "libgcc-s1",
      "libstdc++6 (>= 9)",
      "libvirt-clients (>= 9.0)",
      "libvirt-daemon-system (>= 9.0)",
      "openssh-client",
      "qemu-system-x86",
      "qemu-utils",
      "xorriso (>= 1.5.4)",
    ],
    recommends: ["ca-certificates", "dnsmasq-base", "ovmf", "swtpm-tools"],
  },
  // Names that Fedora, RHEL's family and openSUSE have.
  rpm: {
    depends: [
      "glibc >= 2.28",
      "libstdc++",
      "libvirt-client >= 9.0",
      "libvirt-daemon-driver-network >= 9.0",
      "libvirt-daemon-driver-qemu >= 9.0",
      "libvirt-daemon-driver-storage-core >= 9.0",
      "openssh-clients",
      "qemu-img",
      "qemu-kvm",
      "xorriso >= 1.5.4",
    ],
    recommends: ["ca-certificates", "dnsmasq", "edk2-ovmf", "swtpm"],
  },
};

export const summary = "Virtual machines on KVM hosts from a distribution's installer ISO";

export const description = `kvm-deploy turns a distribution's public installer ISO and a small YAML file
into running virtual machines, as Pulumi resources.

The package contains the command kvm-deploy with the Node and the libraries
that it needs. Commands that create or change machines also need the Pulumi
CLI (pulumi), which is not part of it.`;
