import { spawn, spawnSync } from "node:child_process";
import { constants } from "node:os";
import { createInterface } from "node:readline";
import { indent, SetupError } from "./report.mjs";

const FIRST_SIGN_MS = 2_000;
const NEXT_SIGN_MS = 10_000;
const KEPT_LINES = 30;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Runs a short command for its output; undefined where it is missing or fails. */
export function capture(command, args, options = {}) {
  const { status, stdout } = spawnSync(command, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    timeout: 20_000,
    ...options,
  });
  return status === 0 ? stdout : undefined;
}

/**
 * Runs a command that may take long. While it runs, a line with the time so far and its latest output is printed every
 * few seconds; after a failure, its last lines are part of the error. `limit` ends it after that many milliseconds.
 * Returns the last lines of its standard output.
 */
export async function run(command, args, options = {}) {
  const { limit, terminal = false, ...rest } = options;
  // A group of its own lets us end its children too. Not for sudo, which needs the terminal to ask for a password.
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], detached: !terminal, ...rest });
  const end = (signal) => endGroup(child, signal, terminal);
  const lines = { latest: [], stdout: [] };
  keepLines(child.stdout, lines.latest, lines.stdout);
  keepLines(child.stderr, lines.latest);
  const release = [onSignals(end), showSigns(lines.latest)];
  const how = await failureOf(child, end, limit);
  for (const undo of release) undo();
  if (how) throw new SetupError(`${[command, ...args].join(" ")}: ${how}\n${indent(lines.latest)}`.trimEnd());
  return lines.stdout.join("\n");
}

function endGroup(child, signal, terminal) {
  if (child.pid === undefined) return;
  try {
    process.kill(terminal ? child.pid : -child.pid, signal);
  } catch {
    // It is gone already, or sudo's, which the terminal's own signal reaches.
  }
}

/** Passes a signal that ends set-up on to the running command, and ends set-up with the status that shells expect. */
function onSignals(end) {
  const handlers = SIGNALS.map((signal) => {
    const handler = () => {
      end(signal);
      process.exit(128 + constants.signals[signal]);
    };
    process.on(signal, handler);
    return [signal, handler];
  });
  return () => handlers.forEach(([signal, handler]) => process.off(signal, handler));
}

function keepLines(stream, ...lists) {
  createInterface({ input: stream }).on("line", (line) => {
    if (line.trim() === "") return;
    for (const list of lists) {
      list.push(line);
      if (list.length > KEPT_LINES) list.shift();
    }
  });
}

function showSigns(lines) {
  const start = Date.now();
  let timer;
  const sign = () => {
    const seconds = String(Math.round((Date.now() - start) / 1000)).padStart(6);
    process.stderr.write(`${seconds} s  ${(lines.at(-1) ?? "waiting").trim().slice(0, 100)}\n`);
    timer = setTimeout(sign, NEXT_SIGN_MS);
  };
  timer = setTimeout(sign, FIRST_SIGN_MS);
  return () => clearTimeout(timer);
}

/** Waits for the end; undefined for a good one, otherwise what happened. */
function failureOf(child, end, limit) {
  return new Promise((resolve) => {
    const timer = limit && setTimeout(() => (resolve(`took longer than ${limit / 1000} s`), end("SIGKILL")), limit);
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      resolve(code === 0 ? undefined : `ended with ${code ?? signal}`);
    });
  });
}
