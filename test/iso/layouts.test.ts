import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, describe, it } from "node:test";
import type { BootMedia } from "../../provider/install/family";
import { detectRelease, probesOf } from "../../provider/install/index";
import { inspectIso, type IsoContents } from "../../provider/iso/inspect";
import { planRemaster } from "../../provider/iso/plan";
import { remaster } from "../../provider/iso/remaster";
import type { Host } from "../../provider/resource/host";
import { installerIsoNames, installerIsos } from "../../tools/installer-isos/index";
import { expectGolden } from "../golden/expect";
import { root } from "../site";
import { scratchFolder, scratchHost } from "./host";
import { mediaOf, releaseOf } from "./layouts";

const answers = {
  initrd: [{ path: "preseed.cfg", content: "secret\n", mode: 0o600 }],
  iso: [{ path: "autoinstall.yaml", content: "#cloud-config\n", mode: 0o400 }],
  bootArguments: ["auto=true", "console=tty0", "console=ttyS0,115200"],
};
const installation = {
  ...{ schemaVersion: 1 as const, owner: "urn", digest: "d", family: "debian" as const, release: "r", mark: "m" },
  ...{ login: "root", hostKeys: [], keep: true },
};

/** All that firmwares look at, by xorriso's own account: boot catalog, MBR, GPT, APM. */
function bootRecords(iso: string): string {
  const args = ["-no_rc", "-indev", iso, "-report_el_torito", "plain", "-report_system_area", "plain"];
  const report = execFileSync("xorriso", args, { stdio: ["ignore", "pipe", "ignore"] }).toString();
  // How big the ISO is, whether partitions fill it, and what files of the new tree lie at the places that stay.
  return report.replaceAll(/^(Drive current|ISO image size|.* path +:|El Torito cat path|System area).*\n/gm, "");
}

/** Where two images differ, in ranges with nothing of the same for a sector. */
function changedRanges(one: Buffer, other: Buffer): [number, number][] {
  const ranges: [number, number][] = [];
  for (let at = 0; at < one.length; at += 512) {
    if (one.compare(other, at, at + 512, at, at + 512) === 0) continue;
    const last = ranges.at(-1);
    if (last !== undefined && at - last[1] < 2048) last[1] = at + 512;
    else ranges.push([at, at + 512]);
  }
  return ranges;
}

/** Writes what is to be written at the same time one by one, the last first. */
function lastFirst(files: Host["files"]): Host["files"]["write"] {
  const turns: (() => void)[] = [];
  return async (...args) => {
    const turn = new Promise<void>((resolve) => turns.unshift(resolve));
    if (turns.length === 1) setImmediate(() => turns.forEach((begin, index) => setTimeout(begin, index * 20)));
    await turn;
    await files.write(...args);
  };
}

/** Exit code 1 stands for damage, 2 for an ISO without a sum. */
function isIntact(iso: string): boolean {
  const { status } = spawnSync("checkisomd5", [iso]);
  assert.ok(status === 0 || status === 1, `checkisomd5 ended with ${status ?? "a signal"}`);
  return status === 0;
}

function sums(folder: string): Map<string, string> {
  const lines = execFileSync("find", [".", "-type", "f", "-exec", "md5sum", "{}", "+"], { cwd: folder }).toString();
  return new Map(
    lines
      .trim()
      .split("\n")
      .map((line) => [line.slice(36), line.slice(0, 32)]),
  );
}

function unpack(iso: string, folder: string): string {
  execFileSync("xorriso", ["-no_rc", "-osirrox", "on", "-indev", iso, "-extract", "/", folder], { stdio: "ignore" });
  return folder;
}

/** Label, UUID and the like, as udev sees them. The second tree of names for Windows (Joliet) isn't written. */
function idsOf(iso: string): string {
  return execFileSync("blkid", ["-p", "-o", "export", iso])
    .toString()
    .replace(/^(DEVNAME|VERSION)=.*\n/gm, "");
}

describe("a remastered ISO of each layout", () => {
  let isoOf: (name: string) => string;
  before(async () => {
    isoOf = await installerIsos(path.join(root, ".cache/installer-isos"));
  });

  for (const name of installerIsoNames) {
    describe(name, () => {
      const folder = scratchFolder();
      const host = scratchHost(folder);
      const target = path.join(folder, "remastered.iso");
      let source = "";
      let contents: IsoContents;
      let media: BootMedia;

      const make = async (at: string, on: Pick<Host, "run" | "files"> = host) => {
        contents = await inspectIso(source, probesOf, host);
        media = mediaOf(name, contents);
        await remaster(source, at, planRemaster(contents, media, answers, installation), on);
      };
      before(async () => {
        source = isoOf(name);
        await make(target);
      });

      it("is told by its content", () => {
        const { family, version } = detectRelease(contents, source);
        assert.deepEqual({ family, version }, releaseOf[name]);
      });

      it("changes no byte of the source but volume descriptors and the menu in EFI images", () => {
        const [old, now] = [readFileSync(source), readFileSync(target)];
        const changed = changedRanges(old, now).filter(([from, to]) => from < 16 * 2048 || to > 19 * 2048);
        const menus = changed.map(([from, to]) => old.toString("latin1", from, to));
        assert.equal(menus.length, new Set(media.efiGrub.map(({ image, file }) => image + file)).size);
        for (const menu of menus) assert.match(menu, /menuentry/);
      });

      it("keeps its ids", () => assert.equal(idsOf(target), idsOf(source)));

      it("keeps all boot records", () => {
        const records = bootRecords(source);
        assert.match(records, /BIOS +y[^]*UEFI +y[^]*MBR/);
        assert.equal(bootRecords(target), records);
      });

      it("changes no file but the menus, and adds the answers", () => {
        const [old, now] = [source, target].map((iso, index) => sums(unpack(iso, path.join(folder, `tree-${index}`))));
        assert.ok(old !== undefined && now !== undefined);
        const changed = [...now].filter(([file, sum]) => old.get(file) !== sum).map(([file]) => file);
        const images = media.efiGrub.map(({ image }) => image).filter((image) => image !== "appended");
        const menus = [...media.isolinux, ...media.grub, ...images];
        const sumsFile = media.md5sums === undefined ? [] : [media.md5sums];
        const added = ["autoinstall.yaml", "kvm-deploy/installation.json", `${path.dirname(media.initrd)}/answers.gz`];
        assert.deepEqual(changed.sort(), [...new Set([...menus, ...sumsFile, ...added])].sort());
        assert.deepEqual(
          [...old.keys()].filter((file) => !now.has(file)),
          [],
        );
      });

      it("has no archive behind the initrd where there is nothing for it", () => {
        const { files } = planRemaster(contents, media, { ...answers, initrd: [] }, installation);
        for (const { path: file, content } of files) assert.doesNotMatch(`${file}\n${String(content)}`, /answers\.gz/);
      });

      it("has one entry in every menu", async () => {
        const menus = [...media.isolinux, ...media.grub];
        const { texts } = await inspectIso(target, () => menus, host);
        const menu = menus.map((file) => `# /${file}\n${texts.get(file) ?? ""}`).join("\n");
        expectGolden(`iso/${name}.txt`, menu);
      });

      if (releaseOf[name]?.family === "redhat") {
        it("passes the check of Red Hat's media, which a changed byte doesn't", () => {
          assert.equal(isIntact(target), true);
          const spoilt = path.join(folder, "spoilt.iso");
          const bytes = readFileSync(target);
          bytes.writeUInt8(bytes.readUInt8(bytes.length / 2) ^ 1, bytes.length / 2);
          writeFileSync(spoilt, bytes);
          assert.equal(isIntact(spoilt), false);
        });
      }

      if (["debian", "ubuntu"].includes(releaseOf[name]?.family ?? "")) {
        it("has a true list of MD5 sums", () => {
          const tree = unpack(target, path.join(folder, "listed"));
          const checked = execFileSync("md5sum", ["-c", "--quiet", "md5sum.txt"], { cwd: tree, stdio: "pipe" });
          assert.equal(checked.toString(), "");
          assert.match(readFileSync(path.join(tree, "md5sum.txt"), "utf8"), /  \.\/autoinstall\.yaml\n/);
        });
      }

      it("has the same bytes when it is made again, with its files' inodes the other way round", async () => {
        const again = path.join(folder, "again.iso");
        await make(again, { ...host, files: { ...host.files, write: lastFirst(host.files) } });
        const hash = (iso: string) => createHash("sha256").update(readFileSync(iso)).digest("hex");
        assert.equal(hash(again), hash(target));
        assert.equal(statSync(again).mode & 0o777, 0o600);
      });
    });
  }
});
