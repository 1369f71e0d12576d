// The Debian packages that the demo, the tests and the bench need; the only list of them.

export const PACKAGES = {
  "libvirt-daemon-system": "libvirtd and its network and storage drivers",
  "libvirt-clients": "virsh",
  "qemu-system-x86": "runs the machines",
  "qemu-utils": "qemu-img",
  ovmf: "UEFI firmware for the machines",
  swtpm: "emulates the TPM of machines",
  "swtpm-tools": "its set-up",
  "dnsmasq-base": "DHCP and DNS of libvirt's networks",
  iptables: "NAT of libvirt's networks",
  iproute2: "ip, for the embedded libvirtd's network namespace",
  "util-linux": "unshare and nsenter, for the embedded libvirtd",
  "openssh-client": "ssh and ssh-keygen",
  xorriso: "reads and remasters installer ISOs",
  mtools: "writes the EFI image of the Debian installer ISO",
  cpio: "initrd archives",
  "xz-utils": "package indexes of Debian's mirror",
  "apt-utils": "apt-ftparchive, for the local mirror",
  gpg: "signs the local mirror",
  gpgv: "checks its signature",
  genisoimage: "the bench's comparison with kvm-deploy of 2014, and SUSE's layout of the tests' installer ISOs",
  isolinux: "boots the tests' installer ISOs",
  "syslinux-common": "its modules",
  "grub-common": "grub-mkimage, for the tests' installer ISOs",
  "grub-pc-bin": "their GRUB for BIOS",
  "grub-efi-amd64-bin": "their GRUB for UEFI",
  isomd5sum: "Red Hat's medium check, of the tests' installer ISOs",
  lvm2: "volume groups, which a test has in a guest",
  xfsprogs: "a file system that shares blocks, for the bench",
  tmux: "the terminal in which a test looks at the command's screen",
  curl: "the Pulumi CLI's own installer downloads with it",
  "ca-certificates": "downloads over https",
};

/** The names in `wanted` that `dpkg-query -W -f '${Package} ${db:Status-Abbrev}\n'` doesn't show as installed. */
export function missingPackages(wanted, dpkgOutput) {
  const installed = new Set();
  for (const line of dpkgOutput.split("\n")) {
    const [name, status] = line.trim().split(/\s+/);
    // The second letter is the present state: "ii" is installed, "hi" installed and held, "rc" removed.
    if (status?.[1] === "i") installed.add(name);
  }
  return wanted.filter((name) => !installed.has(name));
}
