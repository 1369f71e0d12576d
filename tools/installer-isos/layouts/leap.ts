/** openSUSE Leap 15 and SLES 15: isolinux; the menu of UEFI lies in the ISO and in the EFI image. */
import { bootFiles, type Layout } from "../layout";
import { fatImage, grub, isolinux, ISOLINUX } from "../loaders";
import { writeSuseIso } from "../suse-iso";
import { placeholders, type Tree } from "../tree";

interface Product {
  readonly name: string;
  readonly volumeId: string;
  /** As in media.1/products, and with a blank. */
  readonly product: string;
  readonly title: string;
  readonly version: string;
}

const loader = "boot/x86_64/loader";

export function leapLayout({ name, volumeId, product, title, version }: Product): Layout {
  return {
    name,
    volumeId,
    write: async (iso, parts) => {
      const boot = await grub(parts.work, { format: "x86_64-efi", prefix: "/EFI/BOOT" });
      const efi = {
        ...{ "EFI/BOOT/bootx64.efi": boot, "EFI/BOOT/grub.efi": boot, "EFI/BOOT/grub.cfg": grubMenu },
        ...placeholders("EFI/BOOT/MokManager.efi", "EFI/BOOT/locale/en.mo"),
      };
      const tree = {
        "media.1/products": `/ ${product} ${version}-0\n`,
        "media.1/media": `${title} - ${product}-${version}-x86_64-Build710.3-Media\n1\n`,
        ".treeinfo": `[general]\nname = ${title} ${version}\narch = x86_64\nfamily = ${title}\nversion = ${version}\n\n[release]\nname = ${title}\nshort = ${product}\nversion = ${version}\n`,
        ...placeholders(...["common", "config", "rescue", "root"].map((file) => `boot/x86_64/${file}`)),
        ...placeholders("control.xml", "repodata/repomd.xml", "boot/x86_64/grub2-efi/unicode.pf2", "CHECKSUMS"),
        ...bootFiles(parts, [`${loader}/linux`], [`${loader}/initrd`]),
        ...isolinux(loader, "libcom32"),
        ...isolinuxMenu,
        ...efi,
        "boot/x86_64/efi": await fatImage(parts.work, 3584, efi),
      };
      const bios = { image: `${loader}/isolinux.bin`, mbr: `${ISOLINUX}/isohdpfx.bin` };
      const image = { iso, work: parts.work, volumeId, tree, bios };
      await writeSuseIso({ ...image, efiImage: "boot/x86_64/efi", isHidden: false });
    },
  };
}

/** The first of these stands for a path that SUSE's isolinux.bin has built in, and Debian's lacks. */
const isolinuxMenu: Tree = {
  "isolinux.cfg": `default menu\nlabel menu\n  config /${loader}/isolinux.cfg /${loader}/\n`,
  "ldlinux.c32": { same: `${loader}/ldlinux.c32` },
  [`${loader}/message`]: "Welcome\n",
  [`${loader}/isolinux.cfg`]: `default harddisk

# hard disk
label harddisk
  localboot -2

# install
label linux
  kernel linux
  append initrd=initrd splash=silent showopts

# rescue
label rescue
  menu label ->x rescue
  kernel linux
  append initrd=initrd splash=silent rescue=1 showopts

implicit	1
prompt		1
timeout		600
`,
};

const grubMenu = `with_gfx=1

gfxmode=auto
locale_dir=$prefix/locale
lang=en_US

search --no-floppy --file /boot/x86_64/efi --set
prefix=($root)/boot/x86_64/grub2-efi

if sleep --interruptible 0 ; then
  timeout=60
fi

default=1

menuentry "Boot from Hard Disk" --class opensuse --class gnu-linux --class gnu --class os {
  exit
}

menuentry 'Installation' --class opensuse --class gnu-linux --class gnu --class os {
  set gfxpayload=keep
  echo 'Loading kernel ...'
  linux /${loader}/linux splash=silent
  echo 'Loading initial ramdisk ...'
  initrd /${loader}/initrd
}

submenu 'More ...' {
  menuentry 'Rescue System' --class opensuse --class gnu-linux --class gnu {
    set gfxpayload=keep
    linux /${loader}/linux splash=silent rescue=1
    initrd /${loader}/initrd
  }
}
`;
