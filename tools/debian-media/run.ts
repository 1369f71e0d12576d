import { spawn } from "node:child_process";

export interface RunOptions {
  cwd?: string;
  input?: Buffer | string;
  env?: Record<string, string>;
}

/** A program's standard output; no shell, messages in English. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Buffer> {
  const { cwd, input, env } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, LC_ALL: "C", ...env } });
    const output: Buffer[] = [];
    let errors = "";
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors = (errors + text).slice(-4000)));
    // A program that ends before it has read all of its input says why by its exit code.
    child.stdin.on("error", () => undefined).end(input);
    child.on("error", (cause) => reject(new Error(`${program} could not be started`, { cause })));
    child.on("close", (code, signal) => {
      if (code === 0) resolve(Buffer.concat(output));
      else reject(failure(program, args, code ?? signal, errors));
    });
  });
}

function failure(program: string, args: readonly string[], end: number | string | null, errors: string): Error {
  const lines = errors.trim().split("\n").slice(-10).join("\n  ");
  const command = [program, ...args].join(" ");
  return new Error(
    `${command.length > 500 ? `${command.slice(0, 500)}…` : command}\nended with ${String(end)}:\n  ${lines}`,
  );
}
