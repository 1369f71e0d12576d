/** Agama's ISOs, of Leap 16 and SLES 16: GRUB for both firmwares, whose EFI image only points to the menu of the ISO. */
import { bootFiles, type Layout } from "../layout";
import { fatImage, grub, GRUB_MBR } from "../loaders";
import { writeSuseIso } from "../suse-iso";
import { placeholders } from "../tree";

interface Product {
  readonly name: string;
  readonly volumeId: string;
  readonly title: string;
  /** The line of install/media.1/products. */
  readonly product: string;
  /** Since 16.1 the EFI image isn't among the ISO's files. */
  readonly isHidden: boolean;
}

const loader = "boot/x86_64/loader";
const mbrId = "0xa2228342";
const pointer = `set btrfs_relative_path="yes"
search --file --set=root /boot/${mbrId}
set prefix=($root)/boot/grub2
configfile ($root)/boot/grub2/grub.cfg
`;

export function agamaLayout({ name, volumeId, title, product, isHidden }: Product): Layout {
  return {
    name,
    volumeId,
    write: async (iso, parts) => {
      const boot = await grub(parts.work, { format: "x86_64-efi", prefix: "/EFI/BOOT" });
      const efi = {
        ...{ "EFI/BOOT/bootx64.efi": boot, "EFI/BOOT/grub.efi": boot, "EFI/BOOT/grub.cfg": pointer },
        ...placeholders("EFI/BOOT/MokManager.efi"),
      };
      const efiImage = `${loader}/efiboot.img`;
      const tree = {
        ...placeholders("LiveOS/squashfs.img", ".signature", "install/repodata/repomd.xml"),
        ...{ "boot/mbrid": `${mbrId}\n`, [`boot/${mbrId}`]: `${mbrId}\n` },
        ...{ "install/media.1/products": `${product}\n`, "install/media.1/media": `${title} - Media\n1\n` },
        ...{ "boot/grub2/earlyboot.cfg": pointer, "boot/grub2/loopback.cfg": "source /boot/grub2/grub.cfg\n" },
        "boot/grub2/grub.cfg": menu(title),
        ...bootFiles(parts, [`${loader}/linux`], [`${loader}/initrd`]),
        [`${loader}/eltorito.img`]: await grub(parts.work, {
          ...{ format: "i386-pc-eltorito", prefix: "/boot/grub2", early: pointer },
        }),
        [`${loader}/boot_hybrid.img`]: { file: GRUB_MBR },
        ...efi,
        [efiImage]: await fatImage(parts.work, 3584, efi),
      };
      const bios = { image: `${loader}/eltorito.img`, mbr: GRUB_MBR };
      await writeSuseIso({ iso, work: parts.work, volumeId, tree, bios, efiImage, isHidden });
    },
  };
}

function menu(title: string): string {
  const entry = (name: string, more: string) => `menuentry "${name}" --class os --unrestricted {
    set gfxpayload=keep
    echo Loading kernel...
    linux ($root)/${loader}/linux \${isoboot} ${more} \${live_options}
    echo Loading initrd...
    initrd ($root)/${loader}/initrd
}
`;
  return `set btrfs_relative_path="y"
export btrfs_relative_path
set default=0
if [ -n "\${iso_path}" ]; then
    isoboot="iso-scan/filename=\${iso_path}"
fi
set timeout=60
set timeout_style=menu
if serial --unit=0 --speed=9600; then
    terminal_input console serial
    terminal_output console serial
fi

if [ "\${grub_platform}" != "efi" ]; then
    menuentry "Boot from Hard Disk" --class os --unrestricted {
        chainloader (hd0)+1
    }
fi

${entry(`Install ${title} (x86_64)`, "splash=silent ${plymouth}")}${entry(`Failsafe -- Install ${title} (x86_64)`, "nomodeset 3")}${entry("Check Installation Medium", "mediacheck=1 plymouth.enable=0")}`;
}
