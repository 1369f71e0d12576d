/** What goes into the media: the real Debian 13 installer and a mirror that holds a minimal machine, nothing more. */

export const SUITE = "trixie";
export const RELEASE = "13";

/** The installer's steps; left out: rescue, file systems other than ext4 and vfat. */
export const UDEBS = [
  ...["apt-mirror-setup", "apt-setup-udeb", "base-installer", "bootstrap-base", "clock-setup", "debootstrap-udeb"],
  ...["di-utils-mapdevfs", "disk-detect", "dmidecode-udeb", "dosfstools-udeb", "finish-install", "grub-installer"],
  ...["libaio1-udeb", "libdevmapper1.02.1-udeb", "libparted-fs-resize0-udeb", "libparted2-udeb", "lvm2-udeb"],
  ...["partman-auto", "partman-auto-lvm", "partman-base", "partman-basicfilesystems", "partman-basicmethods"],
  ...["partman-efi", "partman-ext3", "partman-lvm", "partman-partitioning", "partman-target", "partman-utils"],
  ...["pkgsel", "tzsetup-udeb", "user-setup-udeb"],
  ...["partman-md", "partman-auto-raid", "mdadm-udeb"],
  ...["partman-crypto", "partman-crypto-dm", "partman-auto-crypto", "cryptsetup-udeb", "dmsetup-udeb"],
  ...["libcryptsetup12-udeb", "libjson-c5-udeb", "libpopt0-udeb"],
  "lowmem",
];

/** Dependencies that an installation on one empty disk without a time server never uses; they are taken out. */
export const UNNEEDED_UDEBS = ["ntfs-3g-udeb", "os-prober-udeb", "rdate-udeb"];

/** Kernel modules that the installer's initrd lacks; those that they depend on are added. */
export const MODULES = [
  ...["ext4", "vfat", "nls_ascii", "nls_cp437", "efivarfs"],
  ...["virtio_blk", "virtio_scsi", "sd_mod", "ahci", "loop", "dm_mod"],
  ...["md_mod", "raid0", "raid1", "dm_crypt", "xts", "aes_generic", "sha256_generic", "essiv", "algif_skcipher"],
];

/** The udebs that our one with modules stands in for. */
export const MODULE_UDEBS = [
  ...["ext2-modules", "ext3-modules", "ext4-modules", "fat-modules", "efi-modules"],
  ...["scsi-modules", "sata-modules", "loop-modules", "md-modules", "crypto-modules", "crypto-dm-modules"],
];

/** The machine's packages; what they depend on is added. */
export const PACKAGES = [
  ...["?essential", "apt", "init", "systemd-sysv", "udev", "kmod", "ifupdown", "dhcpcd-base", "iproute2", "netbase"],
  ...["adduser", "passwd", "e2fsprogs", "mount", "procps", "debian-archive-keyring", "debconf-i18n", "tzdata"],
  ...["linux-image-amd64", "linux-image-cloud-amd64", "initramfs-tools", "busybox", "zstd", "dosfstools"],
  ...["lvm2", "mdadm", "openssh-server", "sudo", "ca-certificates", "dbus"],
  ...["cryptsetup", "cryptsetup-initramfs", "clevis", "clevis-luks", "clevis-initramfs", "clevis-tpm2"],
];

/** One set for each firmware, as they exclude each other. */
export const BOOT_LOADERS = [["grub-pc"], ["grub-efi-amd64", "grub-efi-amd64-signed", "shim-signed", "efibootmgr"]];

/**
 * Made part of the base system, which dpkg installs in one go: each later run of apt in the installer costs seconds under
 * emulation, and what comes after the kernel has its initramfs made once more. Without dbus nothing answers the power button.
 */
export const BASE = [
  ...["initramfs-tools", "busybox", "zstd", "dmsetup", "grub-common", "grub2-common", "openssh-server", "dbus"],
];

/** For an emulated machine: no fsync by dpkg, a quick initramfs, no wait in the boot menu. */
export const SETTINGS = {
  "etc/dpkg/dpkg.cfg.d/kvm-deploy": "force-unsafe-io\n",
  "etc/initramfs-tools/conf.d/kvm-deploy": "COMPRESS=zstd\nCOMPRESSLEVEL=1\n",
  "etc/default/grub.d/kvm-deploy.cfg": "GRUB_TIMEOUT=0\n",
};
