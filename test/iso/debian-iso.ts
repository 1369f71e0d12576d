import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

type Tree = Readonly<Record<string, string | Buffer>>;

export interface DebianIsoOptions {
  /** Put in the place of the usual content, or beside it; an empty text leaves a file out. */
  readonly files?: Tree;
  /** A folder whose content is added as pool/, to make the ISO big. */
  readonly pool?: string;
  /** Whether it has partition tables, to boot from a USB stick. Default: yes, as Debian's. */
  readonly hasPartitions?: boolean;
}

const layout: Tree = {
  ".disk/info": 'Debian GNU/Linux 13.2.0 "Trixie" - Official amd64 NETINST with firmware 20251115-09:14',
  "dists/trixie/Release": "Origin: Debian\nSuite: stable\nVersion: 13.2\nCodename: trixie\n",
  "install.amd/vmlinuz": "kernel\n",
  "install.amd/initrd.gz": "initrd\n",
  // xorriso takes it for an isolinux that can boot from a disk, too.
  "isolinux/isolinux.bin": Buffer.concat([Buffer.alloc(64), Buffer.from("fbc07870", "hex"), Buffer.alloc(4028)]),
  "isolinux/isolinux.cfg": "include menu.cfg\ndefault vesamenu.c32\ntimeout 0\n",
  "boot/grub/grub.cfg": "menuentry 'Install' { linux /install.amd/vmlinuz\n}\n",
  "boot/grub/efi.img": Buffer.alloc(65536),
};

const bootOptions = [
  ..."-b isolinux/isolinux.bin -c isolinux/boot.cat -boot-load-size 4 -boot-info-table -no-emul-boot".split(" "),
  ..."-eltorito-alt-boot -e boot/grub/efi.img -no-emul-boot".split(" "),
];

/** Writes an ISO with the files, volume id and boot records of a Debian netinst; nothing in it can run. */
export function makeDebianIso(target: string, { files = {}, pool, hasPartitions = true }: DebianIsoOptions = {}): void {
  const scratch = mkdtempSync(path.join(tmpdir(), "kvm-deploy-tree-"));
  try {
    const tree = { "md5sum.txt": sumsOf({ ...layout, ...files }), ...layout, ...files };
    for (const [file, content] of Object.entries(tree)) {
      if (content.length > 0) writeInto(path.join(scratch, "tree", file), content);
    }
    const mbr = path.join(scratch, "mbr");
    writeFileSync(mbr, Buffer.alloc(432, "mbr"));
    const partitions = hasPartitions ? ["-isohybrid-mbr", mbr, ...bootOptions, "-isohybrid-gpt-basdat"] : bootOptions;
    const sources = [`/=${path.join(scratch, "tree")}`, ...(pool === undefined ? [] : [`/pool=${pool}`])];
    const options = ["-quiet", "-r", "-J", "-joliet-long", "-V", "Debian 13.2.0 amd64 n", ...partitions, "-o", target];
    execFileSync("xorriso", ["-as", "mkisofs", ...options, "-graft-points", ...sources], {
      stdio: "pipe",
      env: { ...process.env, SOURCE_DATE_EPOCH: "1763197200" },
    });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function writeInto(file: string, content: string | Buffer): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** Debian lists neither .disk nor isolinux. */
function sumsOf(tree: Tree): string {
  const listed = Object.entries(tree).filter(([file]) => !/^(\.disk|isolinux)\//.test(file));
  return listed.map(([file, content]) => `${createHash("md5").update(content).digest("hex")}  ./${file}\n`).join("");
}
