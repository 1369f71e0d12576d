#!/usr/bin/env node
import { openHost } from "../engine/open-host";
import { defaultConnection } from "../host/environment";
import { runCommand } from "./command";
import { orphans } from "./orphans";
import { processTerminal } from "./terminal";

const world = { terminal: processTerminal, host: openHost, defaultConnection };

void runCommand(process.argv.slice(2), [orphans], world).then((code) => {
  process.exitCode = code;
});
