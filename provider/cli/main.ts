import { openHost } from "../engine/open-host";
import { defaultConnection } from "../host/environment";
import { runCommand } from "./run";
import { commands } from "./table";
import { processTerminal } from "./terminal";

const world = { terminal: processTerminal, host: openHost, defaultConnection };

export async function main(args: readonly string[]): Promise<void> {
  process.exitCode = await runCommand(args, commands, world);
}
