import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm, statfs, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { serialize } from "node:v8";
import { openHost } from "../provider/engine/open-host";
import { debian } from "../provider/install/debian/index";
import { inspectIso } from "../provider/iso/inspect";
import { planRemaster, type RemasterPlan } from "../provider/iso/plan";
import { remaster } from "../provider/iso/remaster";
import type { Host } from "../provider/resource/host";
import { makeDebianIso } from "../test/iso/debian-iso";
import { median, rounded, secondsOf } from "./statistics";

const sizes = { small: 0.7e9, dvd: 4.7e9, big: 12e9 };
const repetitions = 5;
const fileBytes = 0.5e9;

/** Measures in the folder that it is told, and writes the figures as JSON. */
async function main(folder: string): Promise<void> {
  const host = openHost("qemu:///session");
  const figures: Record<string, number> = {};
  for (const [name, bytes] of Object.entries(sizes)) {
    const source = await sparseIso(folder, bytes);
    for (const [figure, value] of Object.entries(await measure(source, path.join(folder, "result"), host))) {
      figures[`${name} ${figure}`] = rounded(value);
    }
    await rm(source);
  }
  console.log(JSON.stringify(figures));
}

async function measure(source: string, target: string, host: Host) {
  const plan = await planOf(source, host);
  const fresh = () => rm(target, { force: true });
  const repeated = async (work: () => Promise<unknown>) => {
    const times: number[] = [];
    for (let turn = 0; turn < repetitions; turn += 1) {
      await fresh();
      times.push(await secondsOf(work));
    }
    return median(times);
  };
  const write = async () => remaster(source, target, await planOf(source, host), host);
  const remasterSeconds = await repeated(write);
  const diskMegabytes = await diskUse(path.dirname(source), fresh, write);
  const copySeconds = await repeated(() => host.run("cp", ["--reflink=auto", source, target]));
  await fresh();
  const memoryMegabytes = await peakMemory(source, target, plan, host);
  await fresh();
  const planWithSum = { ...plan, implantedMd5: true };
  const withSumSeconds = await secondsOf(() => remaster(source, target, planWithSum, host));
  await fresh();
  const withSumMemoryMegabytes = await peakMemory(source, target, planWithSum, host);
  await fresh();
  const replaySeconds = await secondsOf(() => replay(source, target, host));
  await fresh();
  const seconds = { remasterSeconds, copySeconds, withSumSeconds, replaySeconds };
  return { ...seconds, diskMegabytes, memoryMegabytes, withSumMemoryMegabytes };
}

/** The peak of a process that does nothing else. */
async function peakMemory(source: string, target: string, plan: RemasterPlan, host: Host): Promise<number> {
  const file = `${target}.plan`;
  await writeFile(file, serialize(plan));
  const program = path.join(__dirname, "remaster-alone.cjs");
  const { stdout } = await host.run(process.execPath, [program, source, target, file], { timeoutMs: 10 * 60_000 });
  await rm(file);
  return Number(stdout);
}

async function planOf(source: string, host: Host): Promise<RemasterPlan> {
  const iso = await inspectIso(source, (files) => debian.probes(files), host);
  const answers = {
    initrd: [{ path: "preseed.cfg", content: "d-i\n", mode: 0o600 }],
    iso: [],
    bootArguments: ["auto"],
  };
  const installation = { schemaVersion: 1 as const, owner: "bench", digest: "0", family: debian.id, release: "13" };
  const rest = { mark: "mark", login: "root", hostKeys: [], keep: true };
  return planRemaster(iso, debian.media(iso), answers, { ...installation, ...rest });
}

async function diskUse(folder: string, before: () => Promise<void>, work: () => Promise<void>): Promise<number> {
  const free = async () => {
    execFileSync("sync", ["-f", folder]);
    // XFS frees the blocks of a removed file a moment later.
    await setTimeout(2000);
    const { bfree, bsize } = await statfs(folder);
    return bfree * bsize;
  };
  await before();
  const then = await free();
  await work();
  return (then - (await free())) / 1e6;
}

/** The usual way: xorriso copies the whole ISO and makes its boot records anew. */
async function replay(source: string, target: string, host: Host): Promise<void> {
  const args = [
    "-no_rc",
    "-indev",
    source,
    "-outdev",
    target,
    "-boot_image",
    "any",
    "replay",
    "-volume_date",
    "c",
    "=1",
  ];
  await host.run("xorriso", args, { timeoutMs: 30 * 60_000 });
}

/** An ISO whose big files are holes; it takes the same time to copy without shared blocks as any other. */
async function sparseIso(folder: string, bytes: number): Promise<string> {
  const [iso, pool, pipe] = [path.join(folder, "source.iso"), path.join(folder, "pool"), path.join(folder, "pipe")];
  await mkdir(pool);
  for (let index = 0; index < bytes / fileBytes; index += 1) {
    await writeFile(path.join(pool, `package-${index}.deb`), "");
    await truncate(path.join(pool, `package-${index}.deb`), Math.min(fileBytes, bytes - index * fileBytes));
  }
  execFileSync("mkfifo", [pipe]);
  const dd = spawn("dd", [`if=${pipe}`, `of=${iso}`, "bs=1M", "iflag=fullblock", "conv=sparse"], { stdio: "ignore" });
  makeDebianIso(pipe, { pool });
  await once(dd, "exit");
  await Promise.all([rm(pipe), rm(pool, { recursive: true })]);
  return iso;
}

void main(process.argv[2] ?? "");
