/** Debian netinst: isolinux; the signed GRUB in efi.img finds its menu on the ISO. */
import { join } from "node:path";
import { bootFiles, type Layout, type Parts } from "../layout";
import { fatImage, isolinux } from "../loaders";
import { placeholders, type Tree } from "../tree";
import { isohybrid, md5List, writeIso } from "../xorriso";

interface DebianRelease {
  readonly version: string;
  readonly codename: string;
  readonly title: string;
}

export function debianLayout({ version, codename, title }: DebianRelease): Layout {
  const volumeId = `Debian ${version} amd64 n`;
  const name = `debian-${version.split(".", 1)[0] ?? ""}`;
  const info = `Debian GNU/Linux ${version} "${title}" - Official amd64 NETINST with firmware 20251115-09:14`;
  return {
    name,
    volumeId,
    write: async (iso, parts) => {
      const files = await tree(parts, { version, codename, info });
      const sums = { "md5sum.txt": await md5List(files, /^(\.disk|isolinux)\/|^README/) };
      const options = ["-r", "-J", "-joliet-long", "-checksum_algorithm_iso", "sha256,sha512"];
      const boot = isohybrid("boot/grub/efi.img", "-isohybrid-apm-hfsplus");
      const all = { iso, work: parts.work, volumeId, tree: { ...files, ...sums }, options: [...options, ...boot] };
      await writeIso(all);
    },
  };
}

interface Facts {
  readonly version: string;
  readonly codename: string;
  readonly info: string;
}

async function tree(parts: Parts, { version, codename, info }: Facts): Promise<Tree> {
  const loaders = {
    "bootx64.efi": { file: join(parts.loaders, "usr/lib/shim/shimx64.efi.signed") },
    "grubx64.efi": { file: join(parts.loaders, "usr/lib/grub/x86_64-efi-signed/gcdx64.efi.signed") },
  };
  const below = (folder: string) =>
    Object.fromEntries(Object.entries(loaders).map(([file, content]) => [`${folder}/${file}`, content]));
  const efi = { ...below("efi/boot"), "efi/debian/grub.cfg": pointer };
  return {
    ".disk/info": info,
    ".disk/base_components": "main\n",
    ".disk/base_installable": "",
    ".disk/cd_type": "not_complete\n",
    [`.disk/id/${mediumId}`]: "",
    [`dists/${codename}/Release`]: `Origin: Debian\nLabel: Debian\nSuite: stable\nVersion: ${version}\nCodename: ${codename}\nArchitectures: amd64\nComponents: main non-free-firmware\n`,
    "dists/stable": { link: codename },
    debian: { link: "." },
    ...placeholders("README.txt", "pool/main/b/base-files/base-files_13.8_amd64.deb"),
    ...bootFiles(
      parts,
      ["install.amd/vmlinuz", "install.amd/gtk/vmlinuz"],
      ["install.amd/initrd.gz", "install.amd/gtk/initrd.gz"],
    ),
    ...isolinux("isolinux", "vesamenu", "libcom32", "libutil"),
    ...menus,
    ...below("EFI/boot"),
    "EFI/debian/grub.cfg": pointer,
    "boot/grub/efi.img": await fatImage(parts.work, 5120, efi),
  };
}

const mediumId = "2b7100b8-43ba-46aa-998e-39c63fbe5459";
const pointer = `search --file --set=root /.disk/id/${mediumId}\nset prefix=($root)/boot/grub\nsource $prefix/x86_64-efi/grub.cfg\n`;

/** A menu that waits for ever. */
const menus = {
  "isolinux/isolinux.cfg":
    "# D-I config version 2.0\npath \ninclude menu.cfg\ndefault vesamenu.c32\nprompt 0\ntimeout 0\n",
  "isolinux/menu.cfg":
    "menu title Debian GNU/Linux installer menu (BIOS mode)\ninclude stdmenu.cfg\ninclude gtk.cfg\ninclude txt.cfg\n",
  "isolinux/stdmenu.cfg": "menu background splash.png\nmenu vshift 8\nmenu rows 12\n",
  "isolinux/gtk.cfg":
    "default installgui\nlabel installgui\n\tmenu label ^Graphical install\n\tmenu default\n\tkernel /install.amd/vmlinuz\n\tappend vga=788 initrd=/install.amd/gtk/initrd.gz --- quiet \n",
  "isolinux/txt.cfg":
    "label install\n\tmenu label ^Install\n\tkernel /install.amd/vmlinuz\n\tappend vga=788 initrd=/install.amd/initrd.gz --- quiet \n",
  "boot/grub/x86_64-efi/grub.cfg": "source /boot/grub/grub.cfg\n",
  "boot/grub/grub.cfg": `set menu_color_normal=cyan/blue
set menu_color_highlight=white/blue
menuentry --hotkey=g 'Graphical install' {
    set background_color=black
    linux    /install.amd/vmlinuz vga=788 --- quiet${" "}
    initrd   /install.amd/gtk/initrd.gz
}
menuentry --hotkey=i 'Install' {
    set background_color=black
    linux    /install.amd/vmlinuz vga=788 --- quiet${" "}
    initrd   /install.amd/initrd.gz
}
`,
};
