import { createRequire } from "node:module";
import type * as OpenHost from "../engine/open-host";
import { systemClock } from "../host/clock";
import { defaultConnection, temporaryDirectory } from "../host/environment";
import { localFiles } from "../host/files";
import { listenForInterruption } from "../host/interruption";
import { run, runInForeground } from "../host/run";
import { surroundings } from "../host/surroundings";
import * as userFiles from "../host/user-files";
import type { World } from "./command";
import { runCommand } from "./run";
import { table } from "./table";
import { processTerminal } from "./terminal";

const lazily = createRequire(__filename);

/** The surroundings of a command that runs in this process. */
export const world: World = {
  terminal: processTerminal,
  table,
  // Loaded at its first use: the help needs no host.
  host: (connection) => (lazily("../engine/open-host") as typeof OpenHost).openHost(connection),
  defaultConnection,
  surroundings: surroundings(),
  files: localFiles(temporaryDirectory(), run),
  userFiles,
  clock: systemClock,
  run,
  runInForeground,
  listenForInterruption,
  typed: (text) => text,
};

export async function main(args: readonly string[]): Promise<void> {
  process.exitCode = await runCommand(args, world);
}
