/** Ubuntu Server: isolinux and efi.img until 20.04, then GRUB for BIOS and an appended EFI partition without a menu. */
import { bootFiles, type Layout, type Parts } from "../layout";
import { fatImage, grub, isolinux } from "../loaders";
import { placeholders, type Tree } from "../tree";
import { appendedEsp, isohybrid, md5List, writeIso } from "../xorriso";

interface UbuntuRelease {
  readonly version: string;
  readonly codename: string;
  readonly title: string;
}

const options = ["-r", "-J", "-joliet-long", "-l"];

export function ubuntuLayout(release: UbuntuRelease): Layout {
  const volumeId = `Ubuntu-Server ${release.version} amd64`;
  return {
    name: nameOf(release),
    volumeId,
    write: async (iso, parts) => {
      const bios = await grub(parts.work, { format: "i386-pc-eltorito", prefix: "/boot/grub" });
      const loader = await efiLoader(parts.work, "$prefix/grub.cfg");
      const efi = {
        "EFI/boot/bootx64.efi": loader,
        "EFI/boot/grubx64.efi": loader,
        ...placeholders("EFI/boot/mmx64.efi"),
      };
      const image = "boot/grub/i386-pc/eltorito.img";
      const files = { ...common(release, parts), ...layers, ...efi, [image]: bios, "boot/grub/grub.cfg": menu };
      const sums = { "md5sum.txt": await md5List(files, /^\.disk\/|eltorito\.img$/) };
      const esp = await fatImage(parts.work, 5080, efi);
      const more = ["--protective-msdos-label", "-partition_cyl_align", "off", "--mbr-force-bootable"];
      const boot = await appendedEsp(parts.work, esp, `/${image}`, ...more, "-c", "/boot.catalog");
      const all = { iso, work: parts.work, volumeId, tree: { ...files, ...sums }, options: [...options, ...boot] };
      await writeIso(all);
    },
  };
}

export function ubuntuIsolinuxLayout(release: UbuntuRelease): Layout {
  const volumeId = `Ubuntu-Server ${release.version} amd64`;
  return {
    name: nameOf(release),
    volumeId,
    write: async (iso, parts) => {
      const loader = await efiLoader(parts.work, "$prefix/x86_64-efi/grub.cfg");
      const image = { "efi/boot/bootx64.efi": loader, "efi/boot/grubx64.efi": loader };
      const files = {
        ...common(release, parts),
        ...placeholders("casper/filesystem.squashfs", "casper/installer.squashfs"),
        ...isolinux("isolinux", "vesamenu", "libcom32", "libutil"),
        ...isolinuxMenus,
        ...{ "EFI/BOOT/BOOTx64.EFI": loader, "EFI/BOOT/grubx64.efi": loader },
        "boot/grub/efi.img": await fatImage(parts.work, 4032, image),
      };
      const sums = { "md5sum.txt": await md5List(files, /^(\.disk|isolinux)\//) };
      const boot = isohybrid("boot/grub/efi.img");
      const all = { iso, work: parts.work, volumeId, tree: { ...files, ...sums }, options: [...options, ...boot] };
      await writeIso(all);
    },
  };
}

function nameOf({ version }: UbuntuRelease): string {
  return `ubuntu-${version.slice(0, 5)}`;
}

/** The CD's own loader looks for /.disk/info, and reads the menu from there. */
function efiLoader(work: string, menuFile: string): Promise<Buffer> {
  const early = `search --file --set=root /.disk/info\nset prefix=($root)/boot/grub\nconfigfile ${menuFile}\n`;
  return grub(work, { format: "x86_64-efi", prefix: "/boot/grub", early });
}

function common({ version, codename, title }: UbuntuRelease, parts: Parts): Tree {
  return {
    ".disk/info": `Ubuntu-Server ${version} "${title}" - Release amd64 (20250805)`,
    ".disk/cd_type": "full_cd/single\n",
    ".disk/base_installable": "",
    ".disk/casper-uuid-generic": "7d3b6f2a-2ee1-4f0c-9d5a-5a3d1c9b7e10\n",
    ubuntu: { link: "." },
    [`dists/${codename}/Release`]: `Origin: Ubuntu\nLabel: Ubuntu\nSuite: ${codename}\nVersion: ${version.slice(0, 5)}\nCodename: ${codename}\n`,
    ...bootFiles(parts, ["casper/vmlinuz", "casper/hwe-vmlinuz"], ["casper/initrd", "casper/hwe-initrd"]),
  };
}

const layers = {
  ...placeholders(
    "casper/ubuntu-server-minimal.squashfs",
    "casper/ubuntu-server-minimal.ubuntu-server.squashfs",
    "casper/ubuntu-server-minimal.ubuntu-server.installer.squashfs",
    "boot/memtest86+x64.bin",
  ),
  "casper/install-sources.yaml":
    "- default: true\n  id: ubuntu-server\n  path: ubuntu-server-minimal.ubuntu-server.squashfs\n  type: fsimage-layered\n  variant: server\n",
  "boot/grub/loopback.cfg":
    'menuentry "Try or Install Ubuntu Server" {\n\tlinux\t/casper/vmlinuz  iso-scan/filename=${iso_path} ---\n\tinitrd\t/casper/initrd\n}\n',
};

const menu = `set timeout=30

loadfont unicode

set menu_color_normal=white/black
set menu_color_highlight=black/light-gray

menuentry "Try or Install Ubuntu Server" {
	set gfxpayload=keep
	linux	/casper/vmlinuz  ---
	initrd	/casper/initrd
}
menuentry "Ubuntu Server with the HWE kernel" {
	set gfxpayload=keep
	linux	/casper/hwe-vmlinuz  ---
	initrd	/casper/hwe-initrd
}
grub_platform
if [ "$grub_platform" = "efi" ]; then
menuentry 'Boot from next volume' {
	exit 1
}
menuentry 'UEFI Firmware Settings' {
	fwsetup
}
else
menuentry 'Test memory' {
	linux16 /boot/memtest86+x64.bin
}
fi
`;

const isolinuxMenus = {
  "isolinux/isolinux.cfg":
    "path \ninclude menu.cfg\ndefault vesamenu.c32\nprompt 0\ntimeout 300\nui gfxboot bootlogo\n",
  "isolinux/menu.cfg": "include stdmenu.cfg\ninclude txt.cfg\n",
  "isolinux/stdmenu.cfg": "menu vshift 8\n",
  "isolinux/txt.cfg":
    "default live\nlabel live\n  menu label ^Install Ubuntu Server\n  kernel /casper/vmlinuz\n  append   initrd=/casper/initrd quiet  ---\n",
  "boot/grub/x86_64-efi/grub.cfg": "source /boot/grub/grub.cfg\n",
  "boot/grub/grub.cfg":
    'set timeout=5\nmenuentry "Install Ubuntu Server" {\n\tset gfxpayload=keep\n\tlinux\t/casper/vmlinuz   quiet  ---\n\tinitrd\t/casper/initrd\n}\n',
};
