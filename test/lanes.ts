import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { run } from "node:test";
import type { TestEvent } from "node:test/reporters";
import { type EmbeddedLibvirt, type EmbeddedOptions, startEmbedded, TEST_STATE_DIR } from "../tools/embedded/index";
import { serveSsh } from "../tools/embedded/ssh-server";

/** What the tests of a file say, in order. */
export type TestRun = AsyncIterable<TestEvent>;

/** Runs one file after the other on one libvirt, which no other lane sees. */
export interface Lane {
  run(file: string): TestRun;
  stop(): Promise<void>;
}

export interface LaneOptions extends Pick<EmbeddedOptions, "serve" | "log"> {
  /** More are of no use. */
  readonly most: number;
  /** The Debian installer ISO, for tests that install. */
  readonly iso?: string;
  /** How the tests reach the libvirtd: by its socket, or by SSH as another computer. */
  readonly way: Way;
}

export type Way = "local" | "remote";

const allowedMinutes = 45;
/** Small, so that the logs of real installations are rotated while they are followed. */
const logBytes = 256 * 2 ** 10;

/** The libvirt that the user names in the environment: one lane, for tests count what they find on it. */
export const namedLane: Lane = { run: (file) => running(file, []), stop: () => Promise.resolve() };

/** One for each processor, with a libvirtd of its own that ends with this process. */
export async function lanesOfOurOwn({ most, iso, way, ...embedded }: LaneOptions): Promise<readonly Lane[]> {
  const names = Array.from({ length: Math.min(most, availableParallelism()) }, (_, index) => suffixOf(index));
  const started = await Promise.all(
    names.map((suffix) =>
      startEmbedded({ ...embedded, logBytes, stateDir: `${TEST_STATE_DIR}${suffix}`, lifetime: "process" }),
    ),
  );
  const stop = () => Promise.all(started.map((each) => each.stop()));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(signal, () => void stop().finally(() => process.exit(1)));
  return Promise.all(
    started.map(async (each) => laneOn(each, way === "remote" ? (await serveSsh(each)).uri : each.uri, iso)),
  );
}

function suffixOf(index: number): string {
  return index === 0 ? "" : `-lane-${index + 1}`;
}

function laneOn(embedded: EmbeddedLibvirt, uri: string, iso: string | undefined): Lane {
  const file = path.join(embedded.stateDir, "test.env");
  const environment = {
    KVM_DEPLOY_CONNECTION: uri,
    KVM_DEPLOY_TEST_ENTER: embedded.enter.join(" "),
    ...(iso !== undefined && { KVM_DEPLOY_TEST_ISO: iso }),
  };
  const lines = Object.entries(environment).map(([name, value]) => `${name}='${value}'\n`);
  writeFileSync(file, lines.join(""));
  return { run: (test) => running(test, ["--env-file", file]), stop: () => embedded.stop() };
}

function running(file: string, options: readonly string[]): TestRun {
  const execArgv = [...options, "--import", "tsx"];
  return run({ files: [file], concurrency: false, execArgv, timeout: allowedMinutes * 60_000 });
}
