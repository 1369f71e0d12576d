import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, it } from "node:test";
import { scratchFolder } from "../../iso/host";
import { site } from "../../site";
import { Guest } from "./guests";

const { host } = site();
const words = "the second disk is booted";

/** A disk with a boot loader where UEFI looks for one, which only says that it is there. */
function bootable(): Buffer {
  const folder = scratchFolder();
  const [settings, loader, image] = ["grub.cfg", "loader", "image"].map((name) => path.join(folder, name));
  assert.ok(settings && loader && image);
  writeFileSync(settings, `echo "${words}"\nhalt\n`);
  const core = ["-O", "x86_64-efi", "-p", "/", "-c", settings, "-o", loader, "echo", "halt"];
  execFileSync("grub-mkimage", core);
  execFileSync("mformat", ["-C", "-i", image, "-T", "16384", "-h", "64", "-s", "32", "::"]);
  for (const folder of ["::EFI", "::EFI/BOOT"]) execFileSync("mmd", ["-i", image, folder]);
  execFileSync("mcopy", ["-i", image, loader, "::EFI/BOOT/BOOTX64.EFI"]);
  return readFileSync(image);
}

let guest: Guest;
before(async () => (guest = await Guest.makeEmpty("mirror")));
after(() => guest.remove());

it("a mirrored machine starts by UEFI from its second disk when its first one is empty", async () => {
  const second = await guest.makeVolume("second", bootable(), "8MiB");
  await guest.up({ firmware: "uefi", disks: [{ volume: guest.disk }, { volume: second }] });
  const log = async () => (await host.files.readTextIfPresent(String(guest.state["consoleLogPath"]))) ?? "";
  const until = host.clock.now() + 180_000;
  while (!(await log()).includes(words)) {
    assert.ok(host.clock.now() < until, await log());
    await host.clock.sleep(500);
  }
});
