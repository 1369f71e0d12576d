import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import fc from "../properties";
import { efiPatches } from "../../provider/iso/efi-image";
import { locateInFat } from "../../provider/iso/fat";
import { scratchFolder } from "./host";

const folder = scratchFolder();
const text = Array.from({ length: 400 }, (_, line) => `menuentry '${line}' {}\n`).join("");

/** An image with the text in two folders, one file with a long name, in pieces, for removed files lie between. */
function makeImage(name: string, options: readonly string[]): Buffer {
  const image = path.join(folder, name);
  const mtools = (program: string, ...args: readonly string[]) =>
    execFileSync(program, ["-i", image, ...args], { env: { ...process.env, MTOOLS_SKIP_CHECK: "1" }, stdio: "pipe" });
  const file = (fileName: string, content: string) => {
    writeFileSync(path.join(folder, fileName), content);
    return path.join(folder, fileName);
  };
  mtools("mformat", "-C", ...options, "::");
  mtools("mmd", "::EFI", "::EFI/BOOT", "::EFI/fonts");
  for (let index = 0; index < 40; index += 1) mtools("mcopy", file(`filler-${index}`, "x".repeat(500)), "::EFI/BOOT");
  for (let index = 0; index < 40; index += 2) mtools("mdel", `::EFI/BOOT/filler-${index}`);
  mtools("mcopy", file("grub.cfg", text), "::EFI/BOOT");
  mtools("mcopy", file("a-name-of-more-than-thirteen-letters.conf", text), "::EFI/BOOT");
  return readFileSync(image);
}

const kinds = [
  { name: "FAT12", options: ["-T", "8192", "-h", "16", "-s", "32", "-c", "4"] },
  { name: "FAT16", options: ["-T", "20480", "-h", "16", "-s", "32", "-c", "1"] },
  { name: "FAT32", options: ["-F", "-T", "81920", "-h", "16", "-s", "32", "-c", "1"] },
];

const readerOf = (image: Buffer) => (offset: number, length: number) =>
  Promise.resolve(Buffer.from(image.subarray(offset, offset + length)));

for (const { name, options } of kinds) {
  describe(`an EFI image of ${name}`, () => {
    const image = makeImage(name, options);
    const read = readerOf(image);

    for (const file of [
      "EFI/BOOT/grub.cfg",
      "efi/boot/GRUB.CFG",
      "EFI/BOOT/a-name-of-more-than-thirteen-letters.conf",
    ]) {
      it(`gives ${file}, wherever its pieces lie`, async () => {
        const extents = (await locateInFat(read, file)) ?? [];
        const found = Buffer.concat(extents.map(({ offset, length }) => image.subarray(offset, offset + length)));
        assert.equal(found.toString(), text);
      });
    }

    for (const missing of ["grub.cfg", "EFI/BOOT/other.cfg", "EFI/grub.cfg", "EFI/BOOT/grub.cfg/x", "EFI/BOOT"]) {
      it(`has no file ${missing}`, async () => assert.equal(await locateInFat(read, missing), undefined));
    }

    it("gets a text in the place of another, and stays the same but for it", async () => {
      const patched = Buffer.from(image);
      const texts = [{ image: 0, file: "EFI/BOOT/grub.cfg", text: "configfile /x\n" }];
      for (const { offset, content } of await efiPatches(read, texts)) content.copy(patched, offset);
      const target = path.join(folder, "patched");
      writeFileSync(target, patched);
      const typed = execFileSync("mtype", ["-i", target, "::EFI/BOOT/grub.cfg"]).toString();
      assert.equal(typed.trimEnd(), "configfile /x");
      assert.equal(typed.length, text.length);
      const listed = (file: string) => execFileSync("mdir", ["-i", file, "-a", "-/", "::"]).toString();
      assert.equal(listed(target), listed(path.join(folder, name)));
    });

    it("takes no text that is longer", async () => {
      const texts = [{ image: 0, file: "EFI/BOOT/grub.cfg", text: "x".repeat(text.length + 1) }];
      await assert.rejects(efiPatches(read, texts), /has \d+ bytes, but \d+ are needed/);
    });

    it("that is broken is refused or read, but never without an end", async () => {
      const damage = fc.array(fc.tuple(fc.nat(40_000), fc.nat(255)), { minLength: 1, maxLength: 60 });
      await fc.assert(
        fc.asyncProperty(damage, async (changes) => {
          const broken = Buffer.from(image.subarray(0, 400_000));
          for (const [offset, value] of changes) broken.writeUInt8(value, offset);
          await locateInFat(readerOf(broken), "EFI/BOOT/grub.cfg").catch((error: unknown) => {
            assert.match(String(error), /contains no FAT file system/);
          });
        }),
        { numRuns: 50 },
      );
    });
  });
}

describe("a directory whose chain of clusters is a circle", () => {
  it("ends", async () => {
    const image = makeImage("circle", ["-T", "20480", "-h", "16", "-s", "32", "-c", "1"]);
    const table = image.readUInt16LE(14) * 512;
    // Every cluster's next one is the third, which is the first folder's.
    for (let cluster = 2; cluster < 1000; cluster += 1) image.writeUInt16LE(3, table + cluster * 2);
    assert.equal(await locateInFat(readerOf(image), "EFI/BOOT/none.cfg"), undefined);
  });
});

describe("what is no FAT image", () => {
  for (const [what, bytes] of [
    ["empty", Buffer.alloc(0)],
    ["zero", Buffer.alloc(4096)],
    ["cut", Buffer.alloc(100, 1)],
  ] as const) {
    it(`such as one that is ${what}, is refused`, async () => {
      await assert.rejects(locateInFat(readerOf(bytes), "grub.cfg"), /contains no FAT file system/);
    });
  }
});
