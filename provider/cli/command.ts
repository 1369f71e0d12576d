import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import type { Host } from "../resource/host";
import { KvmError, messageOf, reportOf } from "../values/errors";
import type { Terminal } from "./terminal";

/** What a command works with. */
export interface World {
  readonly terminal: Terminal;
  /** Opens the host of a connection URI. */
  readonly host: (connection: string) => Host;
  readonly defaultConnection: () => string;
}

/** The exit codes of all commands. */
export const exitCodes = {
  /** All is as it should be, or was done as asked. */
  fine: 0,
  /** The command has found what it looks for: something that wants attention. */
  found: 1,
  /** What was asked for could not be done, or not all of it. */
  failed: 2,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** One option as it was written, in the order of the command line. */
export interface Given {
  readonly name: string;
  /** Empty for one without a value. */
  readonly value: string;
}

/** What `kvm-deploy NAME` does. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** The whole help. */
  readonly help: string;
  readonly options: ParseArgsOptionsConfig;
  run(given: readonly Given[], world: World): Promise<ExitCode>;
}

/** Runs what the arguments name. @returns the exit code */
export async function runCommand(
  args: readonly string[],
  commands: readonly Command[],
  world: World,
): Promise<ExitCode> {
  const { terminal } = world;
  const [name, ...rest] = args;
  try {
    if (name === undefined || isHelp(name)) {
      terminal.print(overview(commands));
      return name === undefined ? exitCodes.failed : exitCodes.fine;
    }
    const command = commands.find((candidate) => candidate.name === name);
    if (command === undefined) throw wrongUse(`there is no command "${name}"`, "kvm-deploy --help");
    if (rest.some(isHelp)) {
      terminal.print(command.help);
      return exitCodes.fine;
    }
    return await command.run(optionsIn(rest, command), world);
  } catch (error) {
    terminal.tell(`kvm-deploy: ${reportOf(error)}`);
    return exitCodes.failed;
  }
}

function optionsIn(args: readonly string[], { name, options }: Command): Given[] {
  try {
    const { tokens } = parseArgs({ args: [...args], options, tokens: true, strict: true, allowPositionals: false });
    return tokens.flatMap((token) => (token.kind === "option" ? [{ name: token.name, value: token.value ?? "" }] : []));
  } catch (error) {
    throw wrongUse(messageOf(error).replace(/\. .*/s, ""), `kvm-deploy ${name} --help`);
  }
}

/** @param help the command that shows how it is used */
export function wrongUse(what: string, help: string): KvmError {
  return new KvmError("invalid-input", what, { remedy: `See \`${help}\`` });
}

function isHelp(arg: string): boolean {
  return ["--help", "-h"].includes(arg);
}

function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    "usage: kvm-deploy COMMAND [OPTION...]",
    "",
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    "",
    "`kvm-deploy COMMAND --help` tells the options of a command.",
  ].join("\n");
}
