import type { Clock } from "../host/clock";
import type { Run, runInForeground } from "../host/run";
import type { listenForInterruption } from "../host/interruption";
import type { Surroundings } from "../host/surroundings";
import type * as UserFiles from "../host/user-files";
import type { Host } from "../resource/host";
import { KvmError } from "../values/errors";
import type { Terminal } from "./terminal";

/** The surroundings of a command. */
export interface World {
  readonly terminal: Terminal;
  readonly table: Table;
  /** Opens the host of a connection URI. */
  readonly host: (connection: string) => Host;
  readonly defaultConnection: () => string;
  readonly surroundings: Surroundings;
  /** Files of the user who runs the command. */
  readonly files: Host["files"];
  readonly userFiles: Pick<typeof UserFiles, "createPrivate" | "linkTo" | "newPassphrase">;
  readonly clock: Clock;
  readonly run: Run;
  readonly runInForeground: typeof runInForeground;
  readonly listenForInterruption: typeof listenForInterruption;
  /** A text with the commands that the user types, in place of Pulumi's. */
  readonly typed: (text: string) => string;
}

/** The exit codes of all commands. */
export const exitCodes = {
  /** Everything is as it should be, or was done as requested. */
  fine: 0,
  /** The command has found something that needs attention. */
  found: 1,
  /** The request failed, at least in part. */
  failed: 2,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** An option of a command: `--NAME`, or `--NAME VALUE`. */
export interface Option {
  readonly name: string;
  /** The value's name in the help, such as `URI`; absent: the option has none. */
  readonly value?: string;
  readonly isRepeatable?: true;
  /** The values that it can have, if these are few. */
  readonly choices?: readonly string[];
  /** What it does, in one sentence without a full stop. */
  readonly summary: string;
}

/**
 * A word of a command's line. `FILE` next to other arguments is the word that ends in `.yaml` or `.yml` or has a `/`; the
 * others follow in their order. `COMMAND` is what follows `--`, as it is.
 */
export interface Argument {
  readonly name: string;
  readonly isRequired?: true;
  readonly isRepeatable?: true;
  /** The words that it can be, if these are few. */
  readonly choices?: readonly string[];
}

/** A command: its row in the table, from which the help, the man page, the completions and docs/command.md are made. */
export interface Command {
  readonly name: string;
  /** What it does: one line in the list of commands, without a full stop. */
  readonly summary: string;
  readonly arguments: readonly Argument[];
  readonly options: readonly Option[];
  /** Paragraphs of the help. */
  readonly description: readonly string[];
  /** What the exit codes mean: a sentence for each. */
  readonly exits: Readonly<Record<ExitCode, string>> | Readonly<Record<0 | 2, string>>;
  /** Its code, which is loaded when it runs. */
  readonly load: () => Promise<{ readonly run: Action }>;
}

/** @returns the exit code: one of `exitCodes`, or that of a program that it has run in its place */
export type Action = (request: Request, world: World) => Promise<number>;

/** One option as written, in the order of the command line. */
export interface Given {
  readonly name: string;
  /** Empty for an option without a value. */
  readonly value: string;
}

/** All commands. */
export interface Table {
  readonly commands: readonly Command[];
  /** What runs if the first word is no command. */
  readonly other: Command;
}

/** A command line, read by its command's row in the table. */
export interface Request {
  readonly command: string;
  readonly options: readonly Given[];
  /** The words by the names of the arguments. */
  readonly arguments: Readonly<Record<string, readonly string[]>>;
  /** The command that was probably meant, where the first word is the name of none. */
  readonly meant?: string | undefined;
}

/** All values of an option, in their order. */
export function valuesOf({ options }: Pick<Request, "options">, option: string): string[] {
  return options.filter(({ name }) => name === option).map(({ value }) => value);
}

/** Of an option that was written several times, the last one counts. */
export function valueOf(request: Pick<Request, "options">, option: string): string | undefined {
  return valuesOf(request, option).at(-1);
}

export function has(request: Pick<Request, "options">, option: string): boolean {
  return valuesOf(request, option).length > 0;
}

/** The words of an argument that may be repeated. */
export function wordsOf(request: Pick<Request, "arguments">, argument: string): readonly string[] {
  return request.arguments[argument] ?? [];
}

/** @param help the command that shows the usage */
export function wrongUse(what: string, help: string): KvmError {
  return new KvmError("invalid-input", what, { remedy: `See \`${help}\`` });
}

export function helpFor(command: string): string {
  return command === "" ? "kvm-deploy --help" : `kvm-deploy ${command} --help`;
}
