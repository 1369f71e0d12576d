/**
 * npm test [-- [--quick] [--remote] [FILE...]]: all tests, or those named, on libvirtds of their own unless KVM_DEPLOY_CONNECTION
 * names one; there, nothing is installed, for the mirror that the guests install from is in our libvirtd's own network.
 * --remote reaches them by SSH, as those of other computers.
 * --quick leaves out all that starts a machine.
 */
import { glob } from "node:fs/promises";
import path from "node:path";
import { debianMedia, debianMediaPlaces } from "../tools/debian-media/index";
import { mirrorPort } from "../tools/demo/site";
import { type Lane, lanesOfOurOwn, namedLane, type Way } from "./lanes";
import { Queue } from "./queue";
import { Report } from "./report";
import { root } from "./site";

const namedConnection = process.env["KVM_DEPLOY_CONNECTION"];
const cacheDir = path.join(root, ".cache/debian-media");
const log = (line: string): void => console.log(line);

async function main(args: readonly string[]): Promise<number> {
  const files = await chosenFiles(args);
  const lanes = await openLanes(files, args.includes("--remote") ? "remote" : "local");
  const report = new Report();
  // What needs no media need not wait until they are built.
  const queue = new Queue(files.filter((file) => !installs(file)));
  const work = async (lane: Lane) => {
    for (let file = await queue.next(); file !== undefined; file = await queue.next())
      await report.add(file, lane.run(file));
  };
  try {
    const late = queue.addFirst(files.filter(installs), () => debianMedia({ cacheDir, log }));
    await Promise.all([late, ...lanes.map(work)]);
  } finally {
    await Promise.all(lanes.map((lane) => lane.stop()));
  }
  return (await report.end()) ? 0 : 1;
}

async function chosenFiles(args: readonly string[]): Promise<string[]> {
  const named = args.filter((arg) => !arg.startsWith("--"));
  if (named.length > 0) return named.map((file) => path.resolve(file));
  const left = args.includes("--quick") ? quickLeavesOut : namedConnection === undefined ? [] : ["guests", "kills"];
  for (const folder of left) console.log(`left out: test/${folder}`);
  return (await allFiles()).filter((file) => !left.some((folder) => isIn(folder, file)));
}

const quickLeavesOut = ["pulumi/machines", "guests", "kills"];

/** The longest ones first, so that no lane is left alone with one at the end. */
const longest = ["guests/debian", "kills", "guests", "pulumi"];

async function allFiles(): Promise<string[]> {
  const found: string[] = [];
  for await (const file of glob("test/**/*.test.ts", { cwd: root })) found.push(path.join(root, file));
  return found.sort((one, other) => rank(one) - rank(other) || one.localeCompare(other));
}

function rank(file: string): number {
  const found = longest.findIndex((folder) => isIn(folder, file));
  return found === -1 ? longest.length : found;
}

function isIn(folder: string, file: string): boolean {
  return file.startsWith(path.join(root, "test", folder) + path.sep);
}

/** Whether it needs the Debian installer and its mirror. */
function installs(file: string): boolean {
  return namedConnection === undefined && isIn("guests/debian", file);
}

async function openLanes(files: readonly string[], way: Way): Promise<readonly Lane[]> {
  if (namedConnection !== undefined) return [namedLane];
  if (!files.some(installs)) return lanesOfOurOwn({ most: files.length, log, way });
  const { mirror, iso } = await debianMediaPlaces(cacheDir);
  return lanesOfOurOwn({ most: files.length, log, way, iso, serve: { directory: mirror, port: mirrorPort } });
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
