/**
 * npm test [-- [--quick] [FILE...]]: all tests, or those named, on a libvirtd of their own unless KVM_DEPLOY_CONNECTION
 * names another; there, nothing is installed, for the mirror that the guests install from is in the libvirtd's own network.
 * --quick leaves out all that starts a machine.
 */
import { glob } from "node:fs/promises";
import { once } from "node:events";
import path from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { debianMedia } from "../tools/debian-media/index";
import { startEmbedded, TEST_STATE_DIR } from "../tools/embedded/index";
import { mirrorPort } from "../tools/demo/site";

const root = path.resolve(__dirname, "..");
const allowedMinutes = 45;

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

async function main(args: readonly string[]): Promise<number> {
  const files = await chosenFiles(args);
  const stop = await provideLibvirt(files.some((file) => isIn("guests", file)));
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    await runFiles(
      files.filter((file) => !isSlow(file)),
      true,
      counts,
    );
    // These share one libvirt, and guests take both of a small machine's cores: one by one, the longest at the end.
    await runFiles(files.filter(isSlow), false, counts);
  } finally {
    await stop();
  }
  console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  return counts.failed === 0 && counts.passed > 0 ? 0 : 1;
}

async function chosenFiles(args: readonly string[]): Promise<string[]> {
  const named = args.filter((arg) => !arg.startsWith("--"));
  if (named.length > 0) return named.map((file) => path.resolve(file));
  const hasOwnLibvirt = process.env["KVM_DEPLOY_CONNECTION"] === undefined;
  const left = args.includes("--quick") ? quickLeavesOut : hasOwnLibvirt ? [] : ["guests", "kills"];
  for (const folder of left) console.log(`left out: test/${folder}`);
  return (await allFiles()).filter((file) => !left.some((folder) => isIn(folder, file)));
}

const quickLeavesOut = ["pulumi/machines", "guests", "kills"];

async function allFiles(): Promise<string[]> {
  const found: string[] = [];
  for await (const file of glob("test/**/*.test.ts", { cwd: root })) found.push(path.join(root, file));
  return found.sort(
    (one, other) => Number(isIn("guests", one)) - Number(isIn("guests", other)) || one.localeCompare(other),
  );
}

function isSlow(file: string): boolean {
  return ["pulumi", "guests", "kills"].some((folder) => isIn(folder, file));
}

function isIn(folder: string, file: string): boolean {
  return file.startsWith(path.join(root, "test", folder) + path.sep);
}

async function provideLibvirt(hasGuests: boolean): Promise<() => Promise<void>> {
  if (process.env["KVM_DEPLOY_CONNECTION"] !== undefined) return () => Promise.resolve();
  const log = (line: string): void => console.log(line);
  const media = hasGuests ? await debianMedia({ cacheDir: path.join(root, ".cache/debian-media"), log }) : undefined;
  const serve = media === undefined ? {} : { serve: { directory: media.mirror, port: mirrorPort } };
  const embedded = await startEmbedded({ stateDir: TEST_STATE_DIR, lifetime: "process", log, ...serve });
  process.env["KVM_DEPLOY_CONNECTION"] = embedded.uri;
  process.env["KVM_DEPLOY_TEST_ENTER"] = embedded.enter.join(" ");
  process.env["KVM_DEPLOY_TEST_ISO"] = media?.iso;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => void embedded.stop().finally(() => process.exit(1)));
  }
  return () => embedded.stop();
}

async function runFiles(files: string[], concurrency: boolean, counts: Counts): Promise<void> {
  if (files.length === 0) return;
  const tests = run({ files, concurrency, execArgv: ["--import", "tsx"], timeout: allowedMinutes * 60_000 });
  const count = (kind: keyof Counts) => (data: { details: { type?: string }; skip?: string | boolean }) => {
    if (data.details.type === "suite") return;
    counts[data.skip === undefined ? kind : "skipped"] += 1;
  };
  tests.on("test:pass", count("passed"));
  tests.on("test:fail", count("failed"));
  const report = new spec();
  report.on("data", (text: Buffer | string) => process.stdout.write(text));
  tests.pipe(report);
  await once(report, "end");
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
