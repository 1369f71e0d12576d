import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

export interface DebianIsoOptions {
  /** Put in the place of the usual content, or beside it; an empty text leaves a file out. */
  readonly files?: Readonly<Record<string, string>>;
  /** A file that is added as pool/filling, to make the ISO big. */
  readonly filling?: string;
}

const layout: Readonly<Record<string, string>> = {
  ".disk/info": 'Debian GNU/Linux 13.2.0 "Trixie" - Official amd64 NETINST with firmware 20251115-09:14',
  "dists/trixie/Release": "Origin: Debian\nSuite: stable\nVersion: 13.2\nCodename: trixie\n",
  "install.amd/vmlinuz": "kernel\n",
  "install.amd/initrd.gz": "initrd\n",
  "isolinux/isolinux.bin": "\0".repeat(4096),
  "isolinux/isolinux.cfg": "include menu.cfg\ndefault vesamenu.c32\ntimeout 0\n",
  "boot/grub/grub.cfg": "menuentry 'Install' { linux /install.amd/vmlinuz\n}\n",
  "boot/grub/efi.img": "\0".repeat(65536),
  "md5sum.txt":
    "00000000000000000000000000000000  ./boot/grub/grub.cfg\n11111111111111111111111111111111  ./install.amd/vmlinuz\n",
};

/** Writes an ISO with the files, volume id and boot records of a Debian netinst; nothing in it can run. */
export function makeDebianIso(target: string, { files = {}, filling }: DebianIsoOptions = {}): void {
  const tree = mkdtempSync(path.join(tmpdir(), "kvm-deploy-tree-"));
  try {
    for (const [file, text] of Object.entries({ ...layout, ...files })) {
      if (text === "") continue;
      mkdirSync(path.join(tree, path.dirname(file)), { recursive: true });
      writeFileSync(path.join(tree, file), text);
    }
    const added = filling === undefined ? [] : ["-graft-points", `/pool/filling=${filling}`, `/=${tree}`];
    const boot = "-b isolinux/isolinux.bin -c isolinux/boot.cat -boot-load-size 4 -boot-info-table -no-emul-boot";
    const efi = "-eltorito-alt-boot -e boot/grub/efi.img -no-emul-boot";
    const options = [
      "-quiet",
      "-r",
      "-V",
      "Debian 13.2.0 amd64 n",
      "-J",
      "-joliet-long",
      ...boot.split(" "),
      ...efi.split(" "),
    ];
    execFileSync("xorriso", ["-as", "mkisofs", ...options, "-o", target, ...(added.length > 0 ? added : [tree])], {
      stdio: "pipe",
      env: { ...process.env, SOURCE_DATE_EPOCH: "1763197200" },
    });
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}
