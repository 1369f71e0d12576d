/** Anaconda's ISOs. The menu of UEFI lies in the ISO and in the EFI image; an MD5 sum is implanted. */
import { join } from "node:path";
import { run } from "../../debian-media/run";
import { bootFiles, type Layout } from "../layout";
import { fatImage, grub, GRUB_MBR, isolinux } from "../loaders";
import { placeholders, type Tree } from "../tree";
import { appendedEsp, isohybrid, writeIso } from "../xorriso";

interface Product {
  readonly name: string;
  readonly family: string;
  readonly version: string;
  readonly variant: string;
  readonly volumeId: string;
  /** A package that the ISO carries. */
  readonly package: string;
  /** What the menu of UEFI calls the commands `linux` and `initrd`. */
  readonly commands: readonly [linux: string, initrd: string];
}

const kernel = "images/pxeboot/vmlinuz";
const initrd = "images/pxeboot/initrd.img";

/** Fedora since 37 and EL 10: GRUB for BIOS, an appended EFI partition. */
export function redHatLayout(product: Product): Layout {
  const { name, volumeId } = product;
  return {
    name,
    volumeId,
    write: async (iso, parts) => {
      const efi = await efiFolder(product, parts.work);
      const esp = await fatImage(parts.work, 4096, efi);
      const files = {
        ...common(product),
        ...bootFiles(parts, [kernel], [initrd]),
        ...efi,
        "images/efiboot.img": esp,
        "images/eltorito.img": await grub(parts.work, { format: "i386-pc-eltorito", prefix: "/boot/grub2" }),
        "boot/grub2/grub.cfg": menu(product, ["linux", "initrd"]),
        "boot/grub2/i386-pc/boot_hybrid.img": { file: GRUB_MBR },
      };
      const boot = await appendedEsp(
        parts.work,
        esp,
        "images/eltorito.img",
        ...["-c", "boot.cat", "--boot-catalog-hide"],
      );
      await writeIso({ iso, work: parts.work, volumeId, tree: files, options: ["-R", "-J", ...boot] });
      await run("implantisomd5", ["--force", iso]);
    },
  };
}

/** EL 8 and 9: isolinux with its own names for kernel and initrd, an EFI image that is a file. */
export function redHatIsolinuxLayout(product: Product): Layout {
  const { name, volumeId } = product;
  return {
    name,
    volumeId,
    write: async (iso, parts) => {
      const efi = await efiFolder(product, parts.work);
      const files = {
        ...common(product),
        ...bootFiles(parts, [kernel, "isolinux/vmlinuz"], [initrd, "isolinux/initrd.img"]),
        ...efi,
        "images/efiboot.img": await fatImage(parts.work, 9216, efi),
        ...isolinux("isolinux", "vesamenu", "libcom32", "libutil"),
        ...isolinuxMenu(product),
      };
      const options = [...isohybrid("images/efiboot.img"), "-R", "-J"];
      await writeIso({ iso, work: parts.work, volumeId, tree: files, options });
      await run("implantisomd5", ["--force", iso]);
    },
  };
}

async function efiFolder(product: Product, work: string): Promise<Tree> {
  const loader = await grub(work, { format: "x86_64-efi", prefix: "/EFI/BOOT" });
  const text = menu(product, product.commands);
  return {
    ...{ "EFI/BOOT/BOOTX64.EFI": loader, "EFI/BOOT/grubx64.efi": loader, "EFI/BOOT/grub.cfg": text },
    ...(product.family === "Fedora" ? { "EFI/BOOT/BOOT.conf": text, ...placeholders("EFI/BOOT/BOOTIA32.EFI") } : {}),
    ...placeholders("EFI/BOOT/mmx64.efi", "EFI/BOOT/fonts/unicode.pf2"),
  };
}

function common({ family, version, variant, package: archive }: Product): Tree {
  const treeInfo = {
    general: { arch: "x86_64", family, name: `${family} ${version}`, platforms: "x86_64,xen", variant, version },
    header: { type: "productmd.treeinfo", version: "1.2" },
    "images-x86_64": { "efiboot.img": "images/efiboot.img", initrd, kernel },
    release: { name: family, short: family, version },
    stage2: { mainimage: "images/install.img" },
    tree: { arch: "x86_64", platforms: "x86_64,xen", variants: variant },
  };
  return {
    ".discinfo": `1760000000.000000\n${version}\nx86_64\n`,
    ".treeinfo": ini(treeInfo),
    "media.repo": ini({ InstallMedia: { name: `${family} ${version}`, mediaid: "1760000000.000000", gpgcheck: "0" } }),
    ...placeholders("images/install.img", "LICENSE", join(variant === "Everything" ? "Packages/f" : variant, archive)),
  };
}

function ini(sections: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  const lines = Object.entries(sections).map(([title, values]) => {
    const settings = Object.entries(values).map(([key, value]) => `${key} = ${value}\n`);
    return `[${title}]\n${settings.join("")}`;
  });
  return lines.join("\n");
}

/** The second entry is the default: it checks the medium first. */
function menu({ family, version, volumeId }: Product, [linux, initrdCommand]: Product["commands"]): string {
  const entry = (title: string, more: string) => `menuentry '${title}' --class fedora --class gnu-linux --class os {
	${linux} /${kernel} inst.stage2=hd:LABEL=${volumeId} ${more}
	${initrdCommand} /${initrd}
}
`;
  return `set default="1"

function load_video {
  insmod all_video
}

load_video
set gfxpayload=keep
insmod gzio
insmod part_gpt

set timeout=60

search --no-floppy --set=root -l '${volumeId}'

${entry(`Install ${family} ${version}`, "quiet")}${entry(`Test this media & install ${family} ${version}`, "rd.live.check quiet")}submenu 'Troubleshooting -->' {
${entry(`Rescue a ${family} system`, "inst.rescue quiet")}}
`;
}

function isolinuxMenu({ family, version, volumeId }: Product): Tree {
  return {
    "isolinux/isolinux.cfg": `default vesamenu.c32
timeout 600

display boot.msg

menu clear
menu title ${family} ${version}
label linux
  menu label ^Install ${family} ${version}
  kernel vmlinuz
  append initrd=initrd.img inst.stage2=hd:LABEL=${volumeId} quiet

label check
  menu label Test this ^media & install ${family} ${version}
  menu default
  kernel vmlinuz
  append initrd=initrd.img inst.stage2=hd:LABEL=${volumeId} rd.live.check quiet
`,
    "isolinux/grub.conf": "default=1\ntimeout 60\n",
    ...placeholders("isolinux/boot.msg"),
  };
}
