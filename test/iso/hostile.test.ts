import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import type { Run } from "../../provider/host/run";
import { inspectIso } from "../../provider/iso/inspect";
import { planRemaster } from "../../provider/iso/plan";
import { remaster } from "../../provider/iso/remaster";
import { makeDebianIso } from "./debian-iso";
import { scratchFolder, scratchHost } from "./host";

const sector = 2048;
const rootRecord = 16 * sector + 156;
const folder = scratchFolder();
const host = scratchHost(folder);
const base = path.join(folder, "base.iso");
const climbing = "../../../../owned";
const forged = "x'\n\nFile data lba:  0 ,  16 ,  1 ,  99 , '/y";
makeDebianIso(base, { files: { ["u".repeat(climbing.length)]: "x\n", ["n".repeat(forged.length)]: "y\n" } });
const intact = readFileSync(base);

/** Where the folder record of a path begins, by its Rock Ridge names. */
function recordOf(file: string): number {
  return file.split("/").reduce((parent, name) => {
    const start = intact.readUInt32LE(parent + 2) * sector;
    const area = intact.subarray(start, start + intact.readUInt32LE(parent + 10));
    for (let at = 0; at < area.length; at += area[at] || sector - (at % sector)) {
      if (area.subarray(at, at + (area[at] ?? 0)).includes(nameEntry(name))) return start + at;
    }
    throw new Error(`${file} isn't in the ISO`);
  }, rootRecord);
}

function nameEntry(name: string): Buffer {
  return Buffer.concat([Buffer.from([0x4e, 0x4d, 5 + name.length, 1, 0]), Buffer.from(name)]);
}

/** Numbers stand in ISOs as little endian and again as big endian. */
function withNumber(iso: Buffer, at: number, value: number): Buffer {
  iso.writeUInt32LE(value, at);
  iso.writeUInt32BE(value, at + 4);
  return iso;
}

/** Fields of a record: where its content begins, and how long it is. */
const place = 2;
const bytes = 10;

function renamed(iso: Buffer, from: string, to: string): Buffer {
  const at = iso.indexOf(nameEntry(from));
  iso.write(to, at + 5, "latin1");
  return iso;
}

function cyclic(iso: Buffer): Buffer {
  const at = recordOf("install.amd");
  withNumber(iso, at + place, iso.readUInt32LE(rootRecord + place));
  return withNumber(iso, at + bytes, iso.readUInt32LE(rootRecord + bytes));
}

function withoutEnd(iso: Buffer): Buffer {
  for (let at = 16 * sector; iso[at] !== 0x4c && at < 32 * sector; at += sector) if (iso[at] === 255) iso[at] = 2;
  return iso;
}

const broken: readonly { what: string; spoil: (iso: Buffer) => Buffer; error: RegExp }[] = [
  { what: "empty", spoil: () => Buffer.alloc(0), error: /is not an ISO 9660 image/ },
  { what: "noise", spoil: () => Buffer.alloc(1e6, "noise"), error: /is not an ISO 9660 image/ },
  {
    what: "cut in half",
    spoil: (iso) => iso.subarray(0, iso.length / 2),
    error: /is truncated: it has \d+ of \d+ bytes/,
  },
  { what: "cut in its descriptors", spoil: (iso) => iso.subarray(0, 36_000), error: /is truncated/ },
  { what: "without an end of its descriptors", spoil: withoutEnd, error: /is not an ISO 9660 image, or is damaged/ },
  {
    what: "with its root directory outside",
    spoil: (iso) => withNumber(iso, rootRecord + place, 0x7fffffff),
    error: /is not an ISO 9660 image, or is damaged/,
  },
  {
    what: "with a directory outside",
    spoil: (iso) => withNumber(iso, recordOf("install.amd") + place, 0x7fffffff),
    error: /is not an ISO 9660 image, or is damaged/,
  },
  {
    what: "with a directory that is its own parent",
    spoil: cyclic,
    error: /the directory tree of .* has no end: the ISO is damaged/,
  },
  {
    what: "with a text of two gigabytes",
    spoil: (iso) => withNumber(iso, recordOf(".disk/info") + bytes, 0x7ffff000),
    error: /\/\.disk\/info of the ISO has 2147479552 bytes, too many for an installer's file/,
  },
];

/** Waits for two seconds only. */
const impatient: Run = (program, args, options) => host.run(program, args, { ...options, timeoutMs: 2000 });
const texts = () => [".disk/info", "y"];

describe("an ISO", () => {
  for (const { what, spoil, error } of broken) {
    it(`that is ${what} is refused`, async () => {
      const iso = path.join(folder, "broken.iso");
      writeFileSync(iso, spoil(Buffer.from(intact)));
      await assert.rejects(inspectIso(iso, texts, { ...host, run: impatient }), { name: "KvmError", message: error });
    });
  }

  it("without a boot record is refused", async () => {
    const [tree, iso] = [path.join(folder, "tree"), path.join(folder, "data.iso")];
    mkdirSync(tree);
    writeFileSync(path.join(tree, "file"), "x");
    execFileSync("xorriso", ["-as", "mkisofs", "-quiet", "-o", iso, tree], { stdio: "ignore" });
    await assert.rejects(inspectIso(iso, texts, host), /has no boot record \(El Torito\) that firmware could boot/);
  });

  it("with a directory that claims four gigabytes is read as far as it goes", async () => {
    const iso = path.join(folder, "huge-folder.iso");
    writeFileSync(iso, withNumber(Buffer.from(intact), recordOf("install.amd") + bytes, 0xfffff800));
    assert.ok((await inspectIso(iso, texts, host)).files.has("install.amd/vmlinuz"));
  });

  it("with 20 000 files in a directory is read", async () => {
    const [tree, iso] = [path.join(folder, "many"), path.join(folder, "many.iso")];
    mkdirSync(tree);
    for (let index = 0; index < 20_000; index += 1) writeFileSync(path.join(tree, `file-${index}`), "x");
    makeDebianIso(iso, { pool: tree });
    assert.ok((await inspectIso(iso, texts, host)).files.has("pool/file-19999"));
  });

  it("with names that climb or forge the list of files writes nothing outside", async () => {
    const [iso, target] = [path.join(folder, "names.iso"), path.join(folder, "made", "names.iso")];
    const climbed = renamed(Buffer.from(intact), "u".repeat(climbing.length), climbing);
    writeFileSync(iso, renamed(climbed, "n".repeat(forged.length), forged));
    const before = readdirSync(folder).sort();
    mkdirSync(path.dirname(target));
    const contents = await inspectIso(iso, texts, host);
    assert.deepEqual(
      [...contents.files].filter((file) => file.split("/").includes("..")),
      [],
    );
    const media = { ...none, kernel: "install.amd/vmlinuz", initrd: "install.amd/initrd.gz" };
    await remaster(
      iso,
      target,
      planRemaster(contents, media, { initrd: [], iso: [], bootArguments: [] }, installation),
      host,
    );
    assert.deepEqual(readdirSync(folder).sort(), [...before, "made"].sort());
    assert.ok(!existsSync(path.resolve(folder, climbing)));
  });

  it("whose EFI image contains no file system is refused, and leaves nothing", async () => {
    const contents = await inspectIso(base, texts, host);
    const efiGrub = [{ image: "appended", file: "EFI/BOOT/grub.cfg" }];
    const media = { ...none, kernel: "install.amd/vmlinuz", initrd: "install.amd/initrd.gz", grub: ["g"], efiGrub };
    const plan = planRemaster(contents, media, { initrd: [], iso: [], bootArguments: [] }, installation);
    const target = path.join(folder, "no-fat.iso");
    await assert.rejects(remaster(base, target, plan, host), /the ISO's EFI image contains no FAT file system/);
    assert.ok(!existsSync(target));
  });
});

const none = { isolinux: [], grub: [], efiGrub: [], implantedMd5: false, baseArguments: [] };
const installation = {
  ...{ schemaVersion: 1 as const, owner: "urn", digest: "d", family: "debian" as const, release: "r", mark: "m" },
  ...{ login: "root", hostKeys: [], keep: true },
};
