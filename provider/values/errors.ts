/** The kind of an error, for programs; the message is for people. */
export type ErrorCode =
  | "invalid-input"
  | "not-found"
  | "conflict"
  | "unreachable"
  | "forbidden"
  | "no-space"
  | "checksum-mismatch"
  | "unknown-iso"
  | "command-failed"
  | "install-failed"
  | "timeout"
  | "interrupted"
  | "unsupported";

export interface ErrorDetails {
  /** The input that caused it, as a property path such as `disks[0].volume`. */
  readonly property?: string;
  /** What the user can do about it: one sentence, in the imperative. */
  readonly remedy?: string;
  readonly cause?: unknown;
  /** A program's own message, if the error's message replaces it; never with a secret. */
  readonly words?: string;
}

/** Every error that a user may see: what happened, at which property, and what to do next. */
export class KvmError extends Error {
  readonly code: ErrorCode;
  readonly property: string | undefined;
  /** The message without the property and the remedy. */
  readonly what: string;
  /** The message without the property. */
  readonly reason: string;
  /** A program's own message, for the debug log. */
  readonly words: string | undefined;

  constructor(code: ErrorCode, what: string, details: ErrorDetails = {}) {
    const reason = details.remedy === undefined ? what : `${what}. ${details.remedy}`;
    super(details.property === undefined ? reason : `${details.property}: ${reason}`, { cause: details.cause });
    this.name = "KvmError";
    this.code = code;
    this.property = details.property;
    this.what = what;
    this.reason = reason;
    this.words = details.words;
  }
}

/** A thing exists already and isn't ours. */
export class Conflict extends KvmError {
  constructor(what: string, details: ErrorDetails = {}) {
    super("conflict", what, details);
    this.name = "Conflict";
  }
}

/** A required thing does not exist. */
export class NotFound extends KvmError {
  constructor(what: string, details: ErrorDetails = {}) {
    super("not-found", what, details);
    this.name = "NotFound";
  }
}

export interface CommandFailure {
  /** Program and arguments; never with secrets, which go into files. */
  readonly command: readonly string[];
  /** Undefined if it was ended by a signal or a time limit. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly remedy?: string;
}

/**
 * A program failed: the message has its name and last lines. Its arguments, which the user hasn't written, are only in
 * `failure`.
 */
export class CommandFailed extends KvmError {
  readonly failure: CommandFailure;

  constructor(failure: CommandFailure) {
    const ending = failure.exitCode === undefined ? "was terminated" : `failed with exit code ${failure.exitCode}`;
    const program = failure.command[0]?.split("/").at(-1) ?? "a program";
    const last = inUsersWords(lastLines(failure.stderr, 5));
    super("command-failed", `${program} ${ending}${last === "" ? "" : `: ${last}`}`, {
      ...(failure.remedy === undefined ? {} : { remedy: failure.remedy }),
    });
    this.name = "CommandFailed";
    this.failure = failure;
  }
}

/**
 * A create or update stopped before its end: what exists is kept in the state, and the next `up` continues from there.
 */
export class PartiallyCreated extends KvmError {
  readonly id: string;
  readonly outputs: Readonly<Record<string, unknown>>;

  constructor(id: string, outputs: Readonly<Record<string, unknown>>, cause: unknown) {
    super(cause instanceof KvmError ? cause.code : "command-failed", messageOf(cause), { cause });
    this.name = "PartiallyCreated";
    this.id = id;
    this.outputs = outputs;
  }
}

/** The text for the user: one line for a failure; any other error is a bug, which needs its stack to be found. */
export function reportOf(error: unknown): string {
  if (error instanceof PartiallyCreated) return reportOf(error.cause);
  if (error instanceof KvmError) return error.message;
  const stack = error instanceof Error ? error.stack : undefined;
  return `this is a bug in kvm-deploy; please report it with these lines: ${stack ?? messageOf(error)}`;
}

/** The own messages of the programs that caused an error. */
export function wordsOfCauses(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const own = error instanceof KvmError && error.words !== undefined ? [error.words] : [];
  return [...own, ...wordsOfCauses(error.cause)];
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A program's message without details that mean nothing to a user: the names of temporary files, and UUIDs. */
export function inUsersWords(text: string): string {
  return text.replaceAll(temporaryFile, "a temporary file").replaceAll(withUuid, "").replaceAll(uuid, "of that UUID");
}

const temporaryFile = /['"]?[^\s'"]*\/kvm-deploy-[A-Za-z0-9]{6}(?:\/[^\s'":;,)]*)?['"]?/g;
const uuid = /['"]?\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b['"]?/gi;
const withUuid = new RegExp(` with (?:matching )?uuid ${uuid.source}`, "gi");

/** The last `count` lines with text, joined to a one-line message. */
export function lastLines(text: string, count: number): string {
  const lines = text.split("\n").map((line) => line.trim());
  return lines
    .filter((line) => line !== "")
    .slice(-count)
    .join("; ");
}
