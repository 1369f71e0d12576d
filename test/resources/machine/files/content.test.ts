import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { describe, it } from "node:test";
import { contentOf } from "../../../../provider/resources/machine/files/content";
import { contentIn } from "../../../../provider/resources/machine/files/signatures";
import { scratchFolder } from "../../../iso/host";
import { site } from "../../../site";

const { host } = site();
const folder = scratchFolder();

const image = (name: string, format: string, ...options: string[]) => {
  const file = path.join(folder, name);
  execFileSync("qemu-img", ["create", "-q", "-f", format, ...options, file, "5632K"]);
  return { path: file, format };
};
const written = ({ path: file, format }: { path: string; format: string }, at: string) => {
  execFileSync("qemu-io", ["-f", format, "-c", `write -q -P 1 ${at} 512`, file]);
  return { path: file, format };
};

describe("a disk", () => {
  for (const [name, make, expected] of [
    ["that was just made is empty", () => image("raw", "raw"), false],
    ["whose space was taken at once is empty", () => image("whole", "raw", "-o", "preallocation=falloc"), false],
    ["of qcow2 is empty", () => image("qcow2", "qcow2"), false],
    ["of qcow2 with its tables made is empty", () => image("tables", "qcow2", "-o", "preallocation=metadata"), false],
    ["with a partition table has content", () => written(image("table", "raw"), "0"), true],
    ["with something at its end alone has content", () => written(image("end", "raw"), "5766656"), true],
    ["of qcow2 that a guest has written to has content", () => written(image("used", "qcow2"), "64k"), true],
    ["that isn't there is empty", () => ({ path: path.join(folder, "none"), format: "raw" }), false],
  ] as const) {
    it(name, async () => assert.equal((await contentOf(host, make())) !== undefined, expected));
  }

  it("that isn't what it is said to be is no disk to install on, and no command line is shown", async () => {
    await assert.rejects(contentOf(host, { ...image("liar", "raw"), format: "qcow2" }), (error: Error) => {
      assert.match(error.message, /^can't find out whether .*liar has content: .*not in qcow2 format/i);
      assert.doesNotMatch(error.message, /qemu-img (info|dd)/);
      return true;
    });
  });
});

/** Headers as the programs of the distributions write them. */
const header = (bytes: string | readonly number[], offset: number, length = 2 ** 20) => {
  const piece = Buffer.alloc(length);
  Buffer.from(bytes as string).copy(piece, offset);
  return piece;
};
const nothing = Buffer.alloc(2 ** 20);

describe("what is on a disk is said by its first and last mebibyte", () => {
  for (const [expected, ends] of [
    [undefined, { first: nothing, last: nothing }],
    ["content", { first: header("x", 99), last: nothing }],
    ["LUKS", { first: header([0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe], 0), last: nothing }],
    ["an LVM physical volume", { first: header("LABELONE", 512), last: nothing }],
    ["a file system (ext)", { first: header([0x53, 0xef], 0x438), last: nothing }],
    ["a file system (btrfs)", { first: header("_BHRfS_M", 0x10040), last: nothing }],
    ["swap space", { first: header("SWAPSPACE2", 4086), last: nothing }],
    ["a member of a RAID array", { first: header([0xfc, 0x4e, 0x2b, 0xa9], 4096), last: nothing }],
    ["a member of a RAID array", { first: nothing, last: header([0xfc, 0x4e, 0x2b, 0xa9], 2 ** 20 - 8192) }],
    ["the backup of a GPT", { first: nothing, last: header("EFI PART", 2 ** 20 - 512) }],
    ["a boot sector", { first: header([0x55, 0xaa], 510), last: nothing }],
  ] as const) {
    it(expected ?? "nothing", () => {
      assert.equal(contentIn(ends), expected);
    });
  }

  const table = (bytes: readonly (readonly [number, readonly number[]])[]) => {
    const piece = Buffer.alloc(2 ** 20);
    for (const [offset, content] of bytes) piece.set(content, offset);
    return piece;
  };
  const lvm = [...Buffer.from("79d3d6e607f5c244a23c238f2a3df928", "hex")];

  it("a GPT by the types of its partitions, whatever the MBR next to it protects", () => {
    const protective = [450, [0xee]] as const;
    const gpt = [
      [512, [...Buffer.from("EFI PART")]],
      [1024, lvm],
      [1152, lvm],
      [1280, [1]],
    ] as const;
    const first = table([protective, [510, [0x55, 0xaa]], ...gpt]);
    assert.equal(contentIn({ first, last: nothing }), "a GPT with 3 partitions (LVM, Linux or other)");
  });

  it("a partition table of an MBR by their types; a boot loader is no table", () => {
    const entries = [
      [450, [0x82]],
      [466, [0x83]],
      [510, [0x55, 0xaa]],
    ] as const;
    const found = (...more: (readonly [number, readonly number[]])[]) =>
      contentIn({ first: table([...entries, ...more]), last: nothing });
    assert.equal(found(), "an MBR partition table with 2 partitions (swap, Linux or other)");
    assert.equal(found([446, [0x33]]), "a boot sector");
  });

  it("a file system, as its own program writes it", async () => {
    const disk = image("ext4", "raw");
    execFileSync("mkfs.ext4", ["-q", "-F", disk.path]);
    assert.equal(await contentOf(host, disk), "a file system (ext)");
  });
});
