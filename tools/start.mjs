// node tools/start.mjs [SCRIPT.ts [ARGUMENT...]]
// Runs set-up, then the script with Node 22 and tsx, as root where it starts a libvirtd of its own. Without a script: set-up only.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import path from "node:path";
import { setUp } from "./setup.mjs";
import { obtainSudo } from "./setup/debian.mjs";
import { programEnv } from "./setup/env.mjs";
import { findNode } from "./setup/node.mjs";
import { say, SetupError } from "./setup/report.mjs";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];
// What the programs read, and what shapes their output; the rest of root's environment is root's own.
const KEPT_BY_SUDO =
  /^(PULUMI_.*|KVM_DEPLOY_.*|CI|TERM|COLORTERM|NO_COLOR|FORCE_COLOR|LANG|LC_.*|TZ|INIT_CWD|(https?|no)_proxy)$/i;

const given = process.argv.slice(2);
// `npm run setup -- --yes` gives options alone.
const [script, ...args] = given[0]?.startsWith("-") ? [undefined, ...given] : given;

try {
  const isForTests = script === undefined || script.startsWith("test/");
  const context = await setUp({ yes: process.argv.includes("--yes"), isForTests });
  if (script) process.exitCode = await runProgram(context, path.resolve(script), args);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(`stopped: ${error.message}`);
  process.exitCode = 1;
}

function runProgram(context, file, args) {
  const env = programEnv(context);
  const command = [findNode(context).file, "--import", "tsx", file, ...args];
  const withSudo = needsSudo(context);
  if (withSudo) obtainSudo("The embedded libvirtd needs root. To use another libvirt, set KVM_DEPLOY_CONNECTION");
  const [program, ...rest] = withSudo ? asRoot(command, env) : command;
  const child = spawn(program, rest, { cwd: context.root, env, stdio: "inherit" });
  for (const signal of SIGNALS) process.on(signal, () => forward(signal, child, withSudo));
  return exitStatus(child);
}

function needsSudo({ isRoot }) {
  return !isRoot && !process.env.KVM_DEPLOY_CONNECTION;
}

/** PATH is given by `env`, since sudo sets its own; the rest goes by name, so that no value shows among the arguments. */
function asRoot(command, env) {
  const kept = Object.keys(env).filter((name) => KEPT_BY_SUDO.test(name));
  return ["sudo", "-H", `--preserve-env=${kept.join(",")}`, "env", `PATH=${env.PATH}`, ...command];
}

/** Each signal reaches the program once: what the terminal sends, it sends to the program too. */
function forward(signal, child, withSudo) {
  if (signal !== "SIGTERM" && isInForeground()) return;
  if (!withSudo) return child.kill(signal);
  // Only root may signal sudo, and sudo ignores signals from its own process group: hence another one.
  const kill = `kill -s ${signal.slice(3)} ${child.pid}`;
  spawn("sudo", ["-n", "sh", "-c", kill], { stdio: "ignore", detached: true }).on("error", () => {});
}

/** Whether this process belongs to the group that the terminal's keys and its end send signals to. */
function isInForeground() {
  const [, , group, , , foreground] = readFileSync("/proc/self/stat", "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return group === foreground;
}

function exitStatus(child) {
  return new Promise((resolve, reject) => {
    child.on("error", (error) => reject(new SetupError(`can't start ${child.spawnfile}: ${error.message}`)));
    child.on("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}
