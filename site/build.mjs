// npm run site [-- --base /PATH/]: builds the pages into site/dist/, for the server's root or that path. A dead link between
// pages is an error.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { installLocked } from "../tools/setup/npm.mjs";

const directory = import.meta.dirname;

await installLocked(directory);
const args = ["site/node_modules/vitepress/bin/vitepress.js", "build", "site", ...process.argv.slice(2)];
process.exitCode = spawnSync(process.execPath, args, { cwd: path.dirname(directory), stdio: "inherit" }).status ?? 1;
