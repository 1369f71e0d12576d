import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import type { BootMedia } from "../../provider/install/family";
import { inspectIso } from "../../provider/iso/inspect";
import { planRemaster, refreshSums, type RemasterPlan } from "../../provider/iso/plan";
import { remaster } from "../../provider/iso/remaster";
import { xorrisoArguments } from "../../provider/iso/write-session";
import type { Host } from "../../provider/resource/host";
import { KvmError } from "../../provider/values/errors";
import { makeDebianIso } from "./debian-iso";
import { scratchFolder, scratchHost } from "./host";

const media: BootMedia = {
  kernel: "install.amd/vmlinuz",
  initrd: "install.amd/initrd.gz",
  isolinux: ["isolinux/isolinux.cfg"],
  grub: ["boot/grub/grub.cfg"],
  efiGrub: [],
  md5sums: "md5sum.txt",
  implantedMd5: false,
  baseArguments: ["vga=788"],
};
const answers = {
  initrd: [{ path: "preseed.cfg", content: "secret\n", mode: 0o600 }],
  iso: [],
  bootArguments: ["auto=true"],
};
const installation = {
  schemaVersion: 1 as const,
  owner: "urn",
  digest: "d",
  family: "debian" as const,
  release: "r",
  mark: "m",
  login: "root",
  hostKeys: [],
  keep: true,
};

function sha256(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

/** The way without a session of its own: xorriso itself grows the image. */
function appendInPlace(iso: string, plan: RemasterPlan): void {
  const folder = mkdtempSync(path.join(path.dirname(iso), "files-"));
  plan.files.forEach(({ content }, index) => writeFileSync(path.join(folder, String(index)), content));
  const args = xorrisoArguments({ source: iso, folder, session: iso, start: 0 }, plan);
  args.splice(args.indexOf("-grow_blindly"), 2);
  execFileSync("xorriso", args, { stdio: "ignore" });
}

function extract(iso: string, file: string): Buffer {
  const target = path.join(path.dirname(iso), "extracted");
  rmSync(target, { force: true });
  execFileSync("xorriso", ["-osirrox", "on", "-indev", iso, "-extract_single", `/${file}`, target], {
    stdio: "ignore",
  });
  return readFileSync(target);
}

describe("the remaster", () => {
  const folder = scratchFolder();
  const host = scratchHost(folder);
  const source = path.join(folder, "source.iso");
  makeDebianIso(source);
  const before = sha256(source);
  const make = async (target: string, on: Pick<Host, "run" | "files"> = host) => {
    const iso = await inspectIso(source, (files) => [...files].filter((file) => file === "md5sum.txt"), host);
    await remaster(source, target, planRemaster(iso, media, answers, installation), on);
    return inspectIso(target, () => ["isolinux/isolinux.cfg", "boot/grub/grub.cfg", "md5sum.txt"], host);
  };
  const passing = () => readdirSync(folder).filter((name) => name.startsWith(".kvm-deploy"));
  const first = path.join(folder, "first.iso");

  it("adds answers and one-entry boot menus", async () => {
    const made = await make(first);
    assert.match(
      made.texts.get("isolinux/isolinux.cfg") ?? "",
      /append initrd=\/install\.amd\/initrd\.gz,\/install\.amd\/answers\.gz vga=788 auto=true$/m,
    );
    assert.match(made.texts.get("boot/grub/grub.cfg") ?? "", /linux \/install\.amd\/vmlinuz vga=788 auto=true$/m);
    assert.ok(made.files.has("kvm-deploy/installation.json"));
    assert.ok(made.files.has("dists/trixie/Release"));
  });

  it("leaves the source alone, and the result to its owner only", () => {
    assert.equal(sha256(source), before);
    assert.equal(statSync(first).mode & 0o777, 0o600);
  });

  it("keeps kernel, initrd and boot loaders as they are", () => {
    for (const file of ["install.amd/vmlinuz", "install.amd/initrd.gz", "isolinux/isolinux.bin", "boot/grub/efi.img"]) {
      assert.deepEqual(extract(first, file), extract(source, file), file);
    }
  });

  it("keeps the list of MD5 sums true, with a line for what was added", () => {
    const tree = path.join(folder, "tree");
    execFileSync("xorriso", ["-osirrox", "on", "-indev", first, "-extract", "/", tree], { stdio: "ignore" });
    const checked = execFileSync("md5sum", ["-c", "md5sum.txt"], { cwd: tree }).toString();
    for (const file of ["install.amd/vmlinuz", "install.amd/answers.gz", "boot/grub/grub.cfg"]) {
      assert.ok(checked.includes(`./${file}: OK\n`), checked);
    }
  });

  it("makes the same bytes of the same inputs, whenever it runs", async () => {
    const second = path.join(folder, "second.iso");
    await setTimeout(1100);
    await make(second);
    assert.equal(sha256(second), sha256(first));
  });

  for (const hasPartitions of [true, false]) {
    it(`appends the very bytes that xorriso appends in place, with${hasPartitions ? "" : "out"} partitions`, async () => {
      const at = (name: string) => path.join(folder, `${name}-${String(hasPartitions)}.iso`);
      makeDebianIso(at("source"), { hasPartitions });
      assert.equal(
        statSync(at("source")).size % 65536 === 0,
        hasPartitions,
        "a session begins behind a gap, or without",
      );
      const plan = planRemaster(await inspectIso(at("source"), () => [], host), media, answers, installation);
      await remaster(at("source"), at("ours"), plan, host);
      copyFileSync(at("source"), at("xorrisos"));
      appendInPlace(at("xorrisos"), plan);
      const behindDescriptors = (name: string) => readFileSync(at(name)).subarray(20 * 2048);
      assert.deepEqual(behindDescriptors("ours"), behindDescriptors("xorrisos"));
    });
  }

  it("leaves nothing behind when xorriso fails, and the old ISO as it was", async () => {
    const failing: Host["run"] = () => Promise.reject(new Error("xorriso failed"));
    const kept = sha256(first);
    await assert.rejects(make(first, { ...host, run: failing }), /xorriso failed/);
    assert.equal(sha256(first), kept);
    assert.deepEqual(passing(), []);
  });

  it("says how much space is needed and how much is free", async () => {
    const files: Host["files"] = {
      ...host.files,
      copy: () => Promise.reject(new KvmError("no-space", "no space left")),
      freeSpace: () => Promise.resolve(5 * 2 ** 20 + 1),
    };
    const target = path.join(folder, "third.iso");
    await assert.rejects(
      make(target, { ...host, files }),
      /^KvmError: directory: the ISO needs 2 MiB in .*, where 5 MiB are free/,
    );
    assert.ok(!existsSync(target));
    assert.deepEqual(passing(), []);
  });

  it("is never seen half-written, nor by others, and follows no link that lies in its way", async () => {
    const target = path.join(folder, "linked.iso");
    const victim = path.join(folder, "victim");
    writeFileSync(victim, "untouched");
    symlinkSync(victim, target);
    symlinkSync(victim, `${target}.part`);
    const modes: number[] = [];
    const files: Host["files"] = {
      ...host.files,
      writeAt: async (file, offset, content) => {
        modes.push(statSync(path.dirname(file)).mode & 0o777, statSync(file).mode & 0o777);
        assert.equal(readFileSync(target, "utf8"), "untouched");
        await host.files.writeAt(file, offset, content);
      },
    };
    await make(target, { ...host, files });
    assert.deepEqual(new Set(modes), new Set([0o700, 0o600]));
    assert.equal(readFileSync(victim, "utf8"), "untouched");
    assert.ok(lstatSync(target).isFile());
  });

  it("removes what a killed one has left, with the answers in it", async () => {
    const target = path.join(folder, "again.iso");
    const left = path.join(folder, ".kvm-deploy-4026531836-1-1-ab");
    mkdirSync(left, { mode: 0o700 });
    writeFileSync(path.join(left, "again.iso"), "hunter2");
    await make(target);
    assert.deepEqual(passing(), []);
  });
});

describe("xorriso's arguments", () => {
  const places = { source: "/source.iso", folder: "/work", session: "/work/session", start: 64 };
  const argumentsFor = (content: string) =>
    xorrisoArguments(places, { files: [{ path: "a/b", content, mode: 0o400 }], time: 5 });

  it("only read the source, and keep the padding that GRUB needs", () => {
    const args = argumentsFor("");
    assert.ok(args.join(" ").includes("-indev /source.iso -outdev /work/session -grow_blindly 64"));
    assert.ok(!args.includes("-padding"));
  });

  it("hold no content, as everybody can read a process's arguments", () => {
    assert.ok(!argumentsFor("hunter2").join(" ").includes("hunter2"));
  });
});

describe("the list of MD5 sums", () => {
  it("has no line for isolinux, as Debian's has none", () => {
    const files = [{ path: "isolinux/isolinux.cfg", content: "x", mode: 0o444 }];
    assert.equal(refreshSums("aa  ./b\n", files), "aa  ./b\n");
  });

  it("replaces a line with or without ./ and *", () => {
    const files = [{ path: "b", content: "x", mode: 0o444 }];
    const fresh = "9dd4e461268c8034f5c8564e155c67a6  ./b\n";
    for (const line of ["aa  ./b", "aa  b", "aa *b"]) assert.equal(refreshSums(`${line}\n`, files), fresh);
  });
});
