import { spawn, type ChildProcess } from "node:child_process";
import { Socket } from "node:net";
import { join, resolve } from "node:path";
import { SEARCH_PATH } from "../programs";

/** The exit status of `flock` when another process holds the lock. */
export const IN_USE = 75;

export interface Serve {
  directory: string;
  port: number;
}

export interface Launch {
  stateDir: string;
  lifetime: "process" | "detached";
  lock: string;
  serve?: Serve;
  logBytes: number;
}

/** Runs namespace.sh under the lock and returns when libvirtd answers. */
export async function launch(options: Launch): Promise<void> {
  const { stateDir, lifetime, lock, logBytes } = options;
  const script = ["sh", join(__dirname, "namespace.sh"), stateDir, lifetime, ...serverCommand(options.serve)];
  const child = spawn("flock", ["-n", "-F", "-E", String(IN_USE), lock, ...script], {
    // In a process group of its own: Ctrl-C reaches the starter only, whose end it then sees.
    detached: true,
    cwd: "/",
    env: { PATH: SEARCH_PATH, LC_ALL: "C", LOG_BYTES: String(logBytes) },
    stdio: [lifetime === "process" ? "pipe" : "ignore", "pipe", "pipe"],
  });
  try {
    await untilReady(child, stateDir);
  } finally {
    letGo(child);
  }
}

function serverCommand(serve: Serve | undefined): string[] {
  if (!serve) return [];
  const loader = require.resolve("tsx");
  return [
    process.execPath,
    "--import",
    loader,
    join(__dirname, "serve.ts"),
    resolve(serve.directory),
    String(serve.port),
  ];
}

function untilReady(child: ChildProcess, stateDir: string): Promise<void> {
  return new Promise((done, reject) => {
    let output = "";
    let errors = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (output.includes("ready\n")) done();
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (errors += text));
    child.on("error", reject);
    child.on("close", (code) => reject(failure(stateDir, code, errors)));
  });
}

function failure(stateDir: string, code: number | null, errors: string): Error {
  if (code === IN_USE) {
    return new Error(
      `an embedded libvirt is already running in ${stateDir}: stop it first, or choose another directory`,
    );
  }
  const lines = errors.trim().replaceAll("\n", "\n  ");
  return new Error(`the embedded libvirt in ${stateDir} did not start (exit code ${String(code)}):\n  ${lines}`);
}

/** The starter may end while it runs; only the open standard input then ends the namespace, too. */
function letGo(child: ChildProcess): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
  if (child.stdin instanceof Socket) child.stdin.unref();
  child.unref();
}
