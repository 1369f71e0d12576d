import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { openHost } from "../provider/engine/open-host";
import { debian } from "../provider/install/debian/index";
import { installedMark } from "../provider/install/installation";
import { systemOptions } from "../provider/install/shared/system";
import { renderCpio } from "../provider/iso/cpio";
import { inspectIso } from "../provider/iso/inspect";
import { planRemaster } from "../provider/iso/plan";
import { remaster } from "../provider/iso/remaster";
import type { Host } from "../provider/resource/host";
import { makeDebianIso } from "../test/iso/debian-iso";
import type { Figures } from "./index";
import { median, rounded, secondsOf } from "./statistics";

const cache = path.resolve(__dirname, "../.cache/bench");
const repetitions = 15;
const oldWayRepetitions = 3;

const system = systemOptions.parse({});
const pair = {
  template: { path: "answers.preseed.hbs", text: "d-i debian-installer/locale string {{locale}}\n", isOwn: false },
  table: { path: "answers.table.yaml", text: "locale: system.locale\n", isOwn: false },
};
const digest = "0".repeat(64);
const answers = debian.answers({ system, own: {}, data: {}, pair, mark: installedMark(digest) });
const preseed = answers.initrd.find((file) => file.path === "preseed.cfg")?.content ?? "";

/** Writing an ISO with answers, against a plain copy of the ISO, and against the way of 2014: unpack all, pack all. */
export async function remasterFigures(log: (line: string) => void): Promise<Figures> {
  const host = openHost("qemu:///session");
  const iso = await benchIso(log);
  const folder = await mkdtemp(path.join(cache, "run-"));
  try {
    const { copySeconds, remasterSeconds, oldWaySeconds } = await compare(iso, folder, host, log);
    return {
      remasterToCopy: rounded(remasterSeconds / copySeconds),
      oldWayToRemaster: rounded(oldWaySeconds / remasterSeconds),
      remasterSeconds: rounded(remasterSeconds),
      copySeconds: rounded(copySeconds),
      oldWaySeconds: rounded(oldWaySeconds),
      isoMegabytes: rounded((await stat(iso)).size / 1e6),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compare(iso: string, folder: string, host: Host, log: (line: string) => void) {
  const result = path.join(folder, "result");
  const seconds = async (work: () => Promise<unknown>) => {
    // What is removed and written back between two runs is nobody's time.
    await rm(result, { recursive: true, force: true });
    await host.run("sync", []);
    return secondsOf(work);
  };
  const copy = () => host.run("cp", ["--reflink=auto", iso, result]);
  const append = () => addAnswers(iso, result, host);
  log(`copying and remastering, ${repetitions} times`);
  // Each once before, so that both find the ISO in memory.
  await seconds(copy);
  await seconds(append);
  const times = { copy: [] as number[], append: [] as number[], old: [] as number[] };
  for (let turn = 0; turn < repetitions; turn += 1) {
    times.copy.push(await seconds(copy));
    times.append.push(await seconds(append));
  }
  log(`the way of 2014, ${oldWayRepetitions} times`);
  for (let turn = 0; turn < oldWayRepetitions; turn += 1)
    times.old.push(await seconds(() => oldWay(iso, result, host)));
  return {
    copySeconds: median(times.copy),
    remasterSeconds: median(times.append),
    oldWaySeconds: median(times.old),
  };
}

/** What an InstallerIso does when its source is verified. */
async function addAnswers(source: string, target: string, host: Host): Promise<void> {
  const iso = await inspectIso(source, (files) => debian.probes(files), host);
  const release = debian.detect(iso)?.title ?? "";
  const mark = installedMark(digest);
  const installation = { schemaVersion: 1 as const, owner: "bench", digest, family: debian.id, release, mark };
  const handOver = { login: "root", hostKeys: [], keep: true };
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
