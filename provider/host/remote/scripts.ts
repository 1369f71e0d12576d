import { CommandFailed, type CommandFailure, lastLines } from "../../values/errors";
import type { RunResult } from "../run";
import type { Shell } from "./shell";

/** What a script prints. @throws an error with the code that Node's would have, if it fails */
export async function tell(shell: Shell, script: string): Promise<string> {
  const result = await shell(script);
  if (result.exitCode !== 0) throw failureOf(result);
  return result.stdout.replace(/\n$/, "");
}

/** The same for a program in a channel of its own. */
export async function tellLong(running: Promise<RunResult>): Promise<string> {
  try {
    return (await running).stdout;
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw failureOf(error.failure);
  }
}

/** The bytes that a script prints in base64. Only the last program of a pipe has an exit code, so no one may complain. */
export async function read(shell: Shell, script: string): Promise<Buffer> {
  const result = await shell(script);
  if (result.exitCode !== 0 || result.stderr !== "") throw failureOf(result);
  return Buffer.from(result.stdout, "base64");
}

/** The words of coreutils and of shells. */
const codes: readonly (readonly [RegExp, string])[] = [
  [/No such file|Directory nonexistent/, "ENOENT"],
  [/Not a directory/, "ENOTDIR"],
  [/Permission denied|Operation not permitted/, "EACCES"],
  [/No space left|Disk quota/, "ENOSPC"],
  [/File exists/, "EEXIST"],
];

function failureOf({ stderr, exitCode }: Pick<CommandFailure, "stderr" | "exitCode">): Error {
  const code = codes.find(([pattern]) => pattern.test(stderr))?.[1];
  return Object.assign(new Error(lastLines(stderr, 2) || `exit code ${String(exitCode)}`), { code });
}
