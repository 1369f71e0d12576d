import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { globSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { crc32 } from "node:zlib";
import { debianHandOver } from "../../../provider/install/debian/hand-over";
import { debianOptions } from "../../../provider/install/debian/schema";
import { systemOptions } from "../../../provider/install/shared/system";
import { scratchFolder } from "../../iso/host";
import { debianIso, root, site } from "../../site";

const patienceMs = 10 * 60_000;
const diskBytes = 160 * 2 ** 20;

/** Of the media's mirror: what an installed system runs the script with. The array is made by the installer's mdadm. */
const packages =
  /^(libc6|libblkid1|libmount1|libuuid1|libsmartcols1|libselinux1|libpcre2-8-0|util-linux|mount|coreutils|dash|sed|grep|findutils|dosfstools|e2fsprogs|libext2fs2t64|libcom-err2|libss2|libudev1|mdadm-udeb|kmod|libkmod2|zlib1g|liblzma5|libzstd1|libssl3t64|libacl1|libattr1|libgmp10|libcap2|libsystemd0|libtinfo6|linux-image-[^_]*-cloud-amd64|busybox)_/;

const disk = { layout: "raid1", devices: ["/dev/vda", "/dev/vdb"] };

/** The types of the partitions: two disks of a mirror, and one of another owner. */
const partitions = { a: ["raid", "esp"], b: ["raid", "esp"], c: ["esp"] } as const;

const types = { raid: "A19D880F-05FC-4D3B-A006-743F0F84911E", esp: "C12A7328-F81F-11D2-BA4B-00A0C93EC93B" };

/** The start of a disk with partitions of 64 MiB each; a copy of the table at the disk's end isn't required. */
function gptOf(kinds: readonly ("raid" | "esp")[]): Buffer {
  const [sector, perPartition] = [512, 2 ** 17];
  const disk = Buffer.alloc(34 * sector);
  const [header, entries] = [disk.subarray(sector, 2 * sector), disk.subarray(2 * sector)];
  // The protective entry of the old kind of table.
  disk.set([0, 0, 2, 0, 0xee, 0xff, 0xff, 0xff, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff], 446);
  disk.set([0x55, 0xaa], 510);
  kinds.forEach((kind, index) => {
    const entry = entries.subarray(index * 128);
    guid(types[kind]).copy(entry);
    guid(randomUUID()).copy(entry, 16);
    const first = 2048 + index * perPartition;
    entry.writeBigUInt64LE(BigInt(first), 32);
    entry.writeBigUInt64LE(BigInt(first + perPartition - 1), 40);
  });
  const last = diskBytes / sector - 1;
  header.write("EFI PART");
  [0x10000, 92].forEach((value, index) => header.writeUInt32LE(value, 8 + 4 * index));
  [1, last, 34, last - 33].forEach((value, index) => header.writeBigUInt64LE(BigInt(value), 24 + 8 * index));
  guid(randomUUID()).copy(header, 56);
  header.writeBigUInt64LE(2n, 72);
  [128, 128, crc32(entries)].forEach((value, index) => header.writeUInt32LE(value, 80 + 4 * index));
  header.writeUInt32LE(crc32(header.subarray(0, 92)), 16);
  return disk;
}

/** The first three parts have their bytes in reverse order. */
function guid(text: string): Buffer {
  const bytes = Buffer.from(text.replaceAll("-", ""), "hex");
  return Buffer.concat([
    bytes.subarray(0, 4).reverse(),
    bytes.subarray(4, 6).reverse(),
    bytes.subarray(6, 8).reverse(),
    bytes.subarray(8),
  ]);
}

describe("the EFI partitions of disks that mirror each other", () => {
  const folder = scratchFolder();
  const file = (...names: string[]) => path.join(folder, ...names);

  it("are made, and kept in step, by Debian's own programs", async (t) => {
    const told = await runInside();
    for (const [line] of told.matchAll(/^case: .*$/gm)) t.diagnostic(line);
    assert.match(told, /^all cases were run$/m, told.slice(-4000));
    assert.doesNotMatch(told, /^case: .*BAD/m, told.slice(-4000));
    assert.equal([...told.matchAll(/^case: .*: fine$/gm)].length, 15, told.slice(-4000));
  });

  async function runInside(): Promise<string> {
    const media = path.dirname((await debianIso(site().host.files)).path);
    writeFileSync(file("initrd"), initrd(media));
    const disks = Object.entries(partitions).flatMap(([name, types]) => {
      writeFileSync(file(name), gptOf(types));
      truncateSync(file(name), diskBytes);
      return ["-drive", `if=virtio,format=raw,cache=unsafe,file=${file(name)}`];
    });
    const args = [
      ...["-M", "q35", "-accel", "tcg", "-cpu", "max", "-m", "1024", "-nodefaults", "-display", "none", "-no-reboot"],
      ...["-serial", `file:${file("serial")}`, ...disks],
      ...["-kernel", globSync(file("tree/boot/vmlinuz-*"))[0] ?? "", "-initrd", file("initrd")],
      ...["-append", "console=ttyS0 quiet no_timer_check norandmaps panic=-1 rdinit=/test/init"],
    ];
    await promisify(execFile)("qemu-system-x86_64", args, { timeout: patienceMs });
    return readFileSync(file("serial"), "latin1").replaceAll("\r", "");
  }

  function initrd(media: string): Buffer {
    const tree = file("tree");
    const add = (name: string, content: string | Uint8Array) => {
      mkdirSync(path.dirname(path.join(tree, name)), { recursive: true });
      writeFileSync(path.join(tree, name), content, { mode: 0o755 });
    };
    mkdirSync(tree);
    for (const name of ["bin", "sbin", "lib", "lib64"]) {
      mkdirSync(path.join(tree, "usr", name), { recursive: true });
      execFileSync("ln", ["-s", `usr/${name}`, path.join(tree, name)]);
    }
    for (const name of ["dev", "proc", "sys"]) mkdirSync(path.join(tree, name));
    const found = globSync("mirror/debian/pool/**/*.{deb,udeb}", { cwd: media }).filter((name) =>
      packages.test(path.basename(name)),
    );
    for (const one of found)
      execFileSync("sh", [
        "-c",
        'dpkg-deb --fsys-tarfile "$1" | tar -x --keep-directory-symlink -C "$2"',
        "sh",
        path.join(media, one),
        tree,
      ]);
    add("test/init", readFileSync(path.join(root, "test/guests/debian/mirrored-esp.sh")));
    add("test/bin/systemctl", '#!/bin/sh\necho "$*" >>/tmp/systemctl\n');
    add("test/bin/kvm-deploy-copy-esp", "#!/bin/sh\nexec /usr/local/sbin/kvm-deploy-copy-esp\n");
    add("test/bin/reboot", "#!/bin/sh\nexec busybox reboot -f\n");
    for (const one of debianHandOver(systemOptions.parse({ disk }), debianOptions.parse({}), "mark"))
      if (one.path.startsWith("kvm-deploy/")) add(one.path, one.content);
    return execFileSync(
      "sh",
      ["-c", "find . -path ./boot -prune -o -print | cpio -o -H newc --quiet -R 0:0 | gzip -1"],
      {
        cwd: tree,
        maxBuffer: 2 ** 29,
      },
    );
  }
});
