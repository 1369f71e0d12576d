import { constants } from "node:os";
import type { Readable, Writable } from "node:stream";
import type { Subprocess } from "execa";
import { CommandFailed, KvmError } from "../values/errors";
import { missingProgram } from "./programs";

export interface RunOptions {
  /** Exit codes other than 0 that are an answer, not a failure. */
  readonly accept?: readonly number[];
  /** Default: two minutes. */
  readonly timeoutMs?: number;
  readonly input?: string | Uint8Array | Readable;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly signal?: AbortSignal;
}

export interface RunResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program without a shell. Secrets go into files, never into `args`. */
export type Run = (program: string, args: readonly string[], options?: RunOptions) => Promise<RunResult>;

const twoMinutes = 120_000;
const killGraceMs = 2_000;

/**
 * libvirt's and xorriso's messages are recognised by their English text, and names contain any letters. A host without
 * C.UTF-8 uses C. LANGUAGE would override this with the user's language.
 */
const english = { LC_ALL: "C.UTF-8", LANGUAGE: "" };

export const run: Run = (program, args, options = {}) => runAs({ program, args }, { program, args }, options);

/** A program and its arguments. */
interface Called {
  readonly program: string;
  readonly args: readonly string[];
}

/**
 * Runs a program that stands for another one, which messages name.
 * @param isStoppedByLine whether a line of input asks it to end, instead of a signal; only without `input`
 */
export async function runAs(
  { program, args }: Called,
  named: Called,
  options: RunOptions,
  isStoppedByLine = false,
): Promise<RunResult> {
  // Loaded at the first use: a preview of unchanged resources runs no program.
  const { execa } = await import("execa");
  const timeoutMs = options.timeoutMs ?? twoMinutes;
  const child = execa(program, args, {
    reject: false,
    stripFinalNewline: false,
    // A process group of its own: a time limit ends all of its processes, not only the first one.
    detached: true,
    cleanup: true,
    env: { ...options.env, ...english },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.input === undefined ? { stdin: isStoppedByLine ? "pipe" : "ignore" } : { input: options.input }),
  });
  const stdin = child.stdin as Writable | null;
  // It may have ended before it reads the line.
  stdin?.on("error", () => undefined);
  const ask = () => (isStoppedByLine ? stdin?.write("\n") : killGroup(child.pid, "SIGTERM"));
  const ending = limitLifetime(child.pid, ask, timeoutMs, options.signal);
  const result = await child.finally(() => {
    ending.clear();
  });
  if (result.exitCode !== undefined && [0, ...(options.accept ?? [])].includes(result.exitCode)) {
    return { exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr };
  }
  if (result.code === "ENOENT") throw missingProgram(program);
  throw failureOf(named.program, named.args, result, ending.reason(), timeoutMs);
}

/** A program that keeps running and reads its input. */
export interface Program {
  readonly child: Subprocess<{ stdin: "pipe"; buffer: false; reject: false }>;
  /** Its reason is the error if the program is not installed. */
  readonly hasEnded: AbortSignal;
}

/** Starts a program without a shell. A program that can't be started counts as ended. */
export type StartProgram = (
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
) => Promise<Program>;

export const startProgram: StartProgram = async (program, args, env) => {
  const { execa } = await import("execa");
  const child = execa(program, args, {
    ...{ stdin: "pipe", buffer: false, reject: false, cleanup: true },
    // A process group of its own: this process handles the user's interruption.
    detached: true,
    env: { ...env, ...english },
  });
  // Input to a program that has ended is lost; its outputs show the end.
  child.stdin.on("error", () => undefined);
  const ending = new AbortController();
  void child.then(({ code }) => ending.abort(code === "ENOENT" ? missingProgram(program) : undefined));
  return { child, hasEnded: ending.signal };
};

/**
 * Runs a program with the terminal of this process, without a time limit.
 * @returns its exit code; 128 and the signal's number if a signal has ended it
 */
export async function runInForeground(program: string, args: readonly string[]): Promise<number> {
  const { execa } = await import("execa");
  // Ctrl-C reaches the program, too, which ends in its own time.
  const ignore = () => undefined;
  process.on("SIGINT", ignore);
  try {
    const result = await execa(program, args, { stdio: "inherit", reject: false });
    if (result.code === "ENOENT") throw missingProgram(program);
    return result.exitCode ?? 128 + (result.signal === undefined ? 0 : constants.signals[result.signal]);
  } finally {
    process.off("SIGINT", ignore);
  }
}

/** Ends the process group at the time limit or when the signal is aborted: first by a request, then by SIGKILL. */
function limitLifetime(
  pid: number | undefined,
  ask: () => unknown,
  timeoutMs: number,
  signal: AbortSignal | undefined,
) {
  let reason: "timeout" | "interrupted" | undefined;
  let grace: NodeJS.Timeout | undefined;
  const end = (why: "timeout" | "interrupted") => {
    reason ??= why;
    ask();
    grace = setTimeout(() => killGroup(pid, "SIGKILL"), killGraceMs);
  };
  const onAbort = () => end("interrupted");
  const timer = setTimeout(() => end("timeout"), timeoutMs);
  if (signal?.aborted === true) onAbort();
  signal?.addEventListener("abort", onAbort, { once: true });
  return {
    reason: () => reason,
    clear: () => {
      clearTimeout(timer);
      clearTimeout(grace);
      signal?.removeEventListener("abort", onAbort);
    },
  };
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The program has ended on its own.
  }
}

function failureOf(
  program: string,
  args: readonly string[],
  result: {
    exitCode?: number | undefined;
    stdout: string;
    stderr: string;
    originalMessage?: string | undefined;
  },
  reason: "timeout" | "interrupted" | undefined,
  timeoutMs: number,
): KvmError {
  if (reason === "timeout")
    return new KvmError("timeout", `${program} took more than ${timeoutMs / 1000} s and was terminated`);
  if (reason === "interrupted") return new KvmError("interrupted", `${program} was interrupted`);
  return new CommandFailed({
    command: [program, ...args],
    exitCode: result.exitCode,
    stdout: result.stdout,
    stderr: result.stderr || (result.originalMessage ?? ""),
  });
}
