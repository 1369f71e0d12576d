import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { globSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { debianHandOver } from "../../../provider/install/debian/hand-over";
import { debianOptions } from "../../../provider/install/debian/schema";
import { systemOptions } from "../../../provider/install/shared/system";
import { scratchFolder } from "../../iso/host";
import { debianIso, root, site } from "../../site";

const patienceMs = 10 * 60_000;
const diskBytes = 64 * 2 ** 20;

/** Components of the installer that are loaded before it partitions, and the modules of its kernel. */
const components =
  /^(lvm2|libaio1|libdevmapper1\.02\.1|dmsetup|mdadm|libudev1|cryptsetup|libcryptsetup12|libjson-c5|libpopt0)-udeb_|^kvm-deploy-modules/;

/** A debconf of files, and a list of disks: what only a running installer has. */
const stubs = {
  "debconf-get": '#!/bin/sh\ncat "/test/answers/$(echo "$1" | tr / _)" 2>/dev/null\n',
  "debconf-set": '#!/bin/sh\necho "$2" >"/test/answers/$(echo "$1" | tr / _)"\n',
  "list-devices": '#!/bin/sh\nprintf "%s\\n" $DISKS\n',
};

/** With kernel and tools of the real installer: real arrays, volume groups and LUKS, in a guest of their own. */
describe("the script before the partitioning, over used disks", () => {
  const folder = scratchFolder();
  const file = (...names: string[]) => path.join(folder, ...names);

  it("erases all on the disks of the installation, and nothing on others", async (t) => {
    const told = await runInside();
    for (const [line] of told.matchAll(/^case: .*$/gm)) t.diagnostic(line);
    assert.match(told, /^all cases were run$/m, told.slice(-4000));
    assert.doesNotMatch(told, /^case: .*BAD/m, told.slice(-4000));
    assert.equal([...told.matchAll(/^case: .*: fine$/gm)].length, 10, told.slice(-4000));
  });

  async function runInside(): Promise<string> {
    const iso = (await debianIso(site().host.files)).path;
    execFileSync("xorriso", ["-osirrox", "on", "-indev", iso, "-extract", "/install.amd", folder], { stdio: "ignore" });
    writeFileSync(file("whole.gz"), Buffer.concat([readFileSync(file("initrd.gz")), additions(path.dirname(iso))]));
    const disks = ["a", "b", "c"].flatMap((name) => {
      writeFileSync(file(name), "");
      truncateSync(file(name), diskBytes);
      return ["-drive", `if=virtio,format=raw,cache=unsafe,discard=unmap,file=${file(name)}`];
    });
    const args = [
      ...["-M", "q35", "-accel", "tcg", "-cpu", "max", "-m", "768", "-nodefaults", "-display", "none", "-no-reboot"],
      ...["-serial", `file:${file("serial")}`, "-serial", `file:${file("log")}`, ...disks],
      ...["-kernel", file("vmlinuz"), "-initrd", file("whole.gz")],
      ...["-append", "console=ttyS0 quiet no_timer_check norandmaps panic=-1 rdinit=/test/init"],
    ];
    await promisify(execFile)("qemu-system-x86_64", args, { timeout: patienceMs });
    return readFileSync(file("serial"), "latin1").replaceAll("\r", "");
  }

  /** An archive that is laid over the installer's initrd. */
  function additions(media: string): Buffer {
    const tree = file("tree");
    const add = (name: string, content: string | Uint8Array) => {
      mkdirSync(path.dirname(path.join(tree, name)), { recursive: true });
      writeFileSync(path.join(tree, name), content, { mode: 0o755 });
    };
    mkdirSync(tree);
    const udebs = globSync("mirror/debian/pool/**/*.udeb", { cwd: media }).filter((name) =>
      components.test(path.basename(name)),
    );
    for (const udeb of udebs) execFileSync("dpkg-deb", ["-x", path.join(media, udeb), tree]);
    for (const [name, content] of Object.entries(stubs)) add(`test/bin/${name}`, content);
    add("test/init", readFileSync(path.join(root, "test/guests/debian/used-disks.sh")));
    for (const one of debianHandOver(systemOptions.parse({}), debianOptions.parse({}), "mark"))
      if (one.path.startsWith("kvm-deploy/")) add(one.path, one.content);
    return execFileSync("sh", ["-c", "find . | cpio -o -H newc --quiet -R 0:0 | gzip -1"], {
      cwd: tree,
      maxBuffer: 2 ** 28,
    });
  }
});
