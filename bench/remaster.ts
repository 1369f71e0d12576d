import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { openHost } from "../provider/host/open";
import type { Host } from "../provider/host/index";
import { debian } from "../provider/install/debian/index";
import { installedMark } from "../provider/install/installation";
import { inspectIso } from "../provider/iso/inspect";
import { planRemaster, remaster } from "../provider/iso/remaster";
import { renderCpio } from "../provider/iso/cpio";
import { makeDebianIso } from "../test/iso/debian-iso";
import type { Figures } from "./index";
import { median, rounded, secondsOf } from "./statistics";

const cache = path.resolve(__dirname, "../.cache/bench");
const repetitions = 9;
const oldWayRepetitions = 2;

const options = debian.options.parse({ rootKeys: [], packages: ["openssh-server"] });
const pair = {
  template: { path: "answers.preseed.hbs", text: "d-i debian-installer/locale string {{locale}}\n" },
  table: { path: "answers.table.yaml", text: "locale: debian.locale\n" },
};
const digest = "0".repeat(64);
const answers = debian.answers({ options, data: {}, pair, mark: installedMark(digest) });
const preseed = answers.initrd.find((file) => file.path === "preseed.cfg")?.content ?? "";

/** Writing an ISO with answers, against a plain copy of the ISO, and against the way of 2014: unpack all, pack all. */
export async function remasterFigures(log: (line: string) => void): Promise<Figures> {
  const host = openHost("test:///default");
  const iso = await benchIso(log);
  const folder = await mkdtemp(path.join(cache, "run-"));
  try {
    const copies: number[] = [];
    const remasters: number[] = [];
    const copy = () => host.run("cp", ["--reflink=auto", iso, path.join(folder, "copy.iso")]);
    const appending = () => addAnswers(iso, path.join(folder, "remastered.iso"), host);
    // Each once before, so that both find the ISO in memory.
    await copy();
    await appending();
    for (let turn = 0; turn < repetitions; turn += 1) {
      copies.push(await timed(copy, path.join(folder, "copy.iso"), host));
      remasters.push(await timed(appending, path.join(folder, "remastered.iso"), host));
    }
    log(`the way of 2014, ${oldWayRepetitions} times`);
    const oldWays: number[] = [];
    for (let turn = 0; turn < oldWayRepetitions; turn += 1) {
      const work = path.join(folder, "old-way");
      oldWays.push(await secondsOf(() => oldWay(iso, work, host)));
      await rm(work, { recursive: true });
      await host.run("sync", []);
    }
    console.error(copies, remasters, oldWays);
    const [copySeconds, remasterSeconds, oldWaySeconds] = [copies, remasters, oldWays].map(median);
    return {
      remasterToCopy: rounded((remasterSeconds ?? NaN) / (copySeconds ?? NaN)),
      oldWayToRemaster: rounded((oldWaySeconds ?? NaN) / (remasterSeconds ?? NaN)),
      remasterSeconds: rounded(remasterSeconds ?? NaN),
      copySeconds: rounded(copySeconds ?? NaN),
      oldWaySeconds: rounded(oldWaySeconds ?? NaN),
      isoMegabytes: rounded((await stat(iso)).size / 1e6),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What is removed and written back between two runs is nobody's time. */
async function timed(work: () => Promise<unknown>, result: string, host: Host): Promise<number> {
  await rm(result, { force: true });
  await host.run("sync", []);
  return secondsOf(work);
}

/** What an InstallerIso does when its source is verified. */
async function addAnswers(source: string, target: string, host: Host): Promise<void> {
  const iso = await inspectIso(source, debian.probes, host);
  const release = debian.detect(iso)?.title ?? "";
  const mark = installedMark(digest);
  const installation = { schemaVersion: 1 as const, owner: "bench", digest, family: debian.id, release, mark };
  const handOver = { login: "root", hostKeys: [] };
  await remaster(source, target, planRemaster(iso, debian.media(iso), answers, { ...installation, ...handOver }), host);
}

/** The steps of kvm-deploy 2014: the whole ISO unpacked, its initrd packed anew, a sum of every file, a new ISO. */
async function oldWay(iso: string, work: string, host: Host): Promise<void> {
  await mkdir(path.join(work, "initrd"), { recursive: true });
  await writeFile(path.join(work, "preseed.cfg"), preseed);
  const script = [
    `xorriso -osirrox on -indev "$1" -extract / tree`,
    "chmod -R u+w tree",
    "(cd initrd && gzip -dc ../tree/install.amd/initrd.gz | cpio -id && cp ../preseed.cfg .)",
    "(cd initrd && find . | cpio -o -H newc | gzip -9) >tree/install.amd/initrd.gz",
    "(cd tree && find . -type f ! -name md5sum.txt ! -path './isolinux/*' -exec md5sum {} + >md5sum.txt)",
    "genisoimage -r -J -no-emul-boot -boot-load-size 4 -boot-info-table -b isolinux/isolinux.bin -c isolinux/boot.cat -o new.iso tree",
  ];
  await host.run("sh", ["-ec", script.join("\n"), "sh", iso], { cwd: work, timeoutMs: 600_000 });
}

const poolFiles = 1400;
const poolFileBytes = 440_000;

/** An ISO with the layout, number of files and size of a Debian netinst; made once. */
async function benchIso(log: (line: string) => void): Promise<string> {
  const iso = path.join(cache, "debian-layout.iso");
  if ((await stat(iso).catch(() => undefined)) !== undefined) return iso;
  log("making an ISO to work on");
  await mkdir(cache, { recursive: true });
  const pool = await mkdtemp(path.join(cache, "pool-"));
  try {
    for (let index = 0; index < poolFiles; index += 1) {
      await writeFile(path.join(pool, `package-${index}.deb`), randomBytes(poolFileBytes));
    }
    const files = { "install.amd/vmlinuz": randomBytes(12e6), "install.amd/initrd.gz": await initrd() };
    makeDebianIso(`${iso}.part`, { pool, files });
    await rename(`${iso}.part`, iso);
    return iso;
  } finally {
    await rm(pool, { recursive: true });
  }
}

/** Of the size of Debian 13's, 68 MB unpacked: half of it programs, half of it modules that are compressed already. */
async function initrd(): Promise<Buffer> {
  const programs = (await readFile(process.execPath)).subarray(0, 34e6);
  return gzipSync(
    renderCpio([
      { path: "programs", content: programs, mode: 0o755 },
      { path: "modules", content: randomBytes(34e6), mode: 0o644 },
    ]),
  );
}
