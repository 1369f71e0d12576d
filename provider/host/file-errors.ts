import { CommandFailed, KvmError } from "../values/errors";

/** The path in messages, in place of a pinned path. */
export const realPlaces = new Map<string, string>();

function realPlaceOf(file: string): string {
  const pin = /^\/proc\/\d+\/(?:fd\/\d+|cwd)/.exec(file)?.[0] ?? "";
  return (realPlaces.get(pin) ?? pin) + file.slice(pin.length);
}

export async function unlessAbsent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

export function isAbsence(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes(codeOf(error));
}

/** The code of Node's error, or of cp's message. */
export function codeOf(error: unknown): string {
  if (error instanceof CommandFailed) return /No space left|Disk quota/.test(error.failure.stderr) ? "ENOSPC" : "";
  return (error as NodeJS.ErrnoException).code ?? "";
}

/** Failures of the file system in the user's terms. @param verb such as "write" */
export async function explained<T>(file: string, verb: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // A host that can't be reached says nothing about the file.
    if (error instanceof KvmError && error.code === "unreachable") throw error;
    throw explain(file, verb, error);
  }
}

export function explain(file: string, verb: string, cause: unknown): KvmError {
  const code = codeOf(cause);
  const what = `cannot ${verb} ${realPlaceOf(file)}`;
  if (code === "ENOENT") return new KvmError("not-found", `${what}: it does not exist`, { cause });
  if (code === "EACCES" || code === "EPERM") {
    return new KvmError("forbidden", `${what}: permission denied`, {
      remedy: "Run as root, or give this user access to the directory",
      cause,
    });
  }
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new KvmError("no-space", `${what}: no space left`, {
      remedy: "Free space on that file system, or choose another directory",
      cause,
    });
  }
  return new KvmError("command-failed", `${what}: ${cause instanceof Error ? cause.message : String(cause)}`, {
    cause,
  });
}
