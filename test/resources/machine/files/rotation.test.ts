import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, it } from "node:test";
import { makeLog, readerOf, removeLog } from "../../../../provider/resources/machine/files/logs";
import { scratchFolder } from "../../../iso/host";
import { site } from "../../../site";

const { host } = site();
const { libvirt, files, clock } = host;
const uuid = "5f0b6c8e-5c39-4d3c-8d0e-3a5c3f2a9b11";

/** Writes 65536 lines of 32 characters to the second serial port, each with its number, then halts. */
const writer =
  "31c0 8ed8 8ed0 bc007c 31f6" +
  "89f3 b90400 c1c304 88d8 240f 0441 e81900 e2f2" + // the number, of the digits A to P
  "b91b00 b02e e80f00 e2f9" + // padding
  "b00a e80800 46 75db f4 ebfd" +
  "9090 50 bafd02 ec a820 74fb 58 baf802 ee c3";

after(async () => {
  if (await libvirt.isActive("domain", uuid)) await libvirt.stop("domain", uuid);
  if (await libvirt.exists("domain", uuid)) await libvirt.undefine("domain", uuid);
});

it("a log that libvirt's log daemon rotates again and again is read without loss", async () => {
  const folder = scratchFolder();
  const [disk, log] = [path.join(folder, "disk"), path.join(folder, "rotated.log")];
  // The firmware boots from no smaller disk.
  const content = Buffer.alloc(2 ** 20);
  Buffer.from(writer.replaceAll(" ", ""), "hex").copy(content);
  content.writeUInt16LE(0xaa55, 510);
  writeFileSync(disk, content);
  await makeLog(host, log);
  await libvirt.define(
    "domain",
    `<domain type="qemu"><name>rotated</name><uuid>${uuid}</uuid><memory unit="MiB">32</memory><vcpu>1</vcpu>
      <os><type machine="q35">hvm</type></os><devices>
      <disk type="file" device="disk"><driver name="qemu" type="raw"/><source file="${disk}"/><target dev="vda" bus="virtio"/></disk>
      <serial type="pty"><target port="0"/></serial>
      <serial type="file"><source path="${log}" append="on"/><target port="1"/></serial></devices></domain>`,
  );
  await libvirt.start("domain", uuid);
  const reader = readerOf(files, log);
  const lines = 65_536;
  let text = "";
  const until = clock.now() + 5 * 60_000;
  while (text.length < lines * 32 && clock.now() < until) {
    text += await reader.next();
    await clock.sleep(100);
  }
  const digits = (number: number) =>
    [12, 8, 4, 0].map((shift) => String.fromCharCode(65 + ((number >> shift) & 15))).join("");
  const expected = Array.from({ length: lines }, (_, number) => `${digits(number)}${".".repeat(27)}\n`).join("");
  assert.ok(text === expected, `${text.length} characters instead of ${expected.length}`);
  // More than the log daemon keeps.
  assert.notEqual(await files.stat(`${log}.2`), undefined);
  const kept = await readerOf(files, log).next();
  assert.ok(kept.length < expected.length && expected.endsWith(kept));
  await libvirt.stop("domain", uuid);
  await removeLog(files, log);
  assert.deepEqual(await files.list(folder), ["disk"]);
});
