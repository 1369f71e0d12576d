/**
 * npm test [-- [--quick] [FILE...]]: all tests, or those named, on a libvirtd of their own unless KVM_DEPLOY_CONNECTION
 * names another. --quick leaves out what starts a guest.
 */
import { glob } from "node:fs/promises";
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
  const isQuick = args.includes("--quick");
  const named = args.filter((arg) => !arg.startsWith("--"));
  const files = named.length > 0 ? named.map((file) => path.resolve(file)) : await allFiles(isQuick);
  const stop = await provideLibvirt(files.some(startsGuest));
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    // Guests take both of a small machine's cores, and the Pulumi tests share one libvirt: those go one by one, at the end.
    for (const [group, concurrency] of [
      [files.filter((file) => !isSlow(file)), true],
      [files.filter(isSlow), false],
    ] as const) {
      if (group.length > 0) await runFiles(group, concurrency, counts);
    }
  } finally {
    await stop();
  }
  console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  return counts.failed === 0 && counts.passed > 0 ? 0 : 1;
}

async function allFiles(isQuick: boolean): Promise<string[]> {
  const found: string[] = [];
  for await (const file of glob("test/**/*.test.ts", { cwd: root })) found.push(file);
  return found
    .map((file) => path.join(root, file))
    .filter((file) => !isQuick || !startsGuest(file))
    .sort(bySpeed);
}

function isSlow(file: string): boolean {
  return ["pulumi", "guests"].some((folder) => file.startsWith(path.join(root, "test", folder) + path.sep));
}

function startsGuest(file: string): boolean {
  return file.startsWith(path.join(root, "test", "guests") + path.sep);
}

/** The whole installation comes last, so that everything quicker fails first. */
function bySpeed(one: string, other: string): number {
  return Number(startsGuest(one)) - Number(startsGuest(other)) || one.localeCompare(other);
}

async function provideLibvirt(hasGuests: boolean): Promise<() => Promise<void>> {
  if (process.env["KVM_DEPLOY_CONNECTION"] !== undefined) return () => Promise.resolve();
  const log = (line: string): void => console.log(line);
  const media = hasGuests ? await debianMedia({ cacheDir: path.join(root, ".cache/debian-media"), log }) : undefined;
  const serve = media === undefined ? {} : { serve: { folder: media.mirror, port: mirrorPort } };
  const embedded = await startEmbedded({ stateDir: TEST_STATE_DIR, lifetime: "process", log, ...serve });
  process.env["KVM_DEPLOY_CONNECTION"] = embedded.uri;
  process.env["KVM_DEPLOY_TEST_ENTER"] = embedded.enter.join(" ");
  process.env["KVM_DEPLOY_TEST_ISO"] = media?.iso;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => void embedded.stop().finally(() => process.exit(1)));
  }
  return () => embedded.stop();
}

function runFiles(files: string[], concurrency: boolean, counts: Counts): Promise<void> {
  const tests = run({ files, concurrency, execArgv: ["--import", "tsx"], timeout: allowedMinutes * 60_000 });
  const count = (kind: keyof Counts) => (data: { details: { type?: string }; skip?: string | boolean }) => {
    if (data.details.type === "suite") return;
    counts[data.skip === undefined ? kind : "skipped"] += 1;
  };
  tests.on("test:pass", count("passed"));
  tests.on("test:fail", count("failed"));
  tests.compose(spec()).pipe(process.stdout, { end: false });
  return new Promise((resolve, reject) => tests.once("end", resolve).once("error", reject));
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
