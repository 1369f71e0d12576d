import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { makeSmallLinux, packInitrd } from "../../tools/small-linux";
import { scratchFolder } from "../iso/host";

const here = path.join(__dirname, "volume-group");
const patienceMs = 15 * 60_000;
const diskBytes = 256 * 2 ** 20;

/** The kernel with what virtual file systems and volume groups need; the small one for clouds lacks the former. */
const ingredients = {
  kernelPackage: "linux-image-amd64",
  modules: ["virtio_blk", "netfs", "9pnet", "9pnet_virtio", "9p", "overlay", "dm_mod"],
  init: path.join(here, "init.sh"),
};

/** Device mapper concerns a whole kernel: in a guest that sees this machine's files, nothing of its own is touched. */
describe("a storage pool of a volume group, with a libvirtd in a guest of its own", () => {
  const folder = scratchFolder();

  it("does all that volume-group/inside.ts asks for", async (t) => {
    const told = await runInside();
    for (const [line] of told.matchAll(/^ *(not )?ok .*$/gm)) t.diagnostic(line.trim());
    assert.match(told, /^ended with 0$/m, told);
    assert.match(told, /^# pass [1-9]\d*$/m, told);
  });

  /** What the guest wrote to its serial port. */
  async function runInside(): Promise<string> {
    const linux = await makeSmallLinux(ingredients, folder);
    const file = (name: string) => path.join(folder, name);
    writeFileSync(file("initrd.gz"), await packInitrd(linux));
    writeFileSync(file("disk"), "");
    truncateSync(file("disk"), diskBytes);
    const args = [
      ...["-M", "q35", "-accel", "tcg", "-m", "2048", "-smp", "2", "-nodefaults", "-display", "none", "-no-reboot"],
      ...["-serial", `file:${file("serial")}`, "-kernel", linux.kernel, "-initrd", file("initrd.gz")],
      ...["-append", `console=ttyS0 quiet no_timer_check panic=-1 begin=${here}/begin.sh`],
      ...["-virtfs", "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap"],
      ...["-drive", `if=none,id=disk,format=raw,file=${file("disk")}`, "-device", "virtio-blk-pci,drive=disk"],
    ];
    await promisify(execFile)("qemu-system-x86_64", args, { timeout: patienceMs });
    return readFileSync(file("serial"), "latin1").replaceAll("\r", "");
  }
});
