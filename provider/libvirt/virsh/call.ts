import path from "node:path";
import type { Files } from "../../host/files";
import type { Run, RunOptions } from "../../host/run";
import type { OpenSession } from "../../host/session";
import { isSystemConnection } from "../../values/connection";
import { explainVirsh } from "../errors";
import { batching } from "./batch";

export interface Tools {
  readonly run: Run;
  readonly openSession: OpenSession;
  readonly files: Files;
}

/** A virsh command and its arguments. */
export type Command = readonly string[];

export interface CallOptions extends RunOptions {
  /**
   * A shell script that runs the command as `"$@"`, together with related work in the same child process: a kill of
   * this process doesn't separate them. `$VIRSH_URI` is the connection; other values come from `env`.
   */
  readonly script?: string;
}

/** The calls from which the verbs are built; every failure is reported in the user's terms. */
export interface Virsh {
  /** Reads, and returns the output; all reads share a process. Only for quick commands. */
  readonly read: (command: Command) => Promise<string>;
  /** Reads that belong together, one right after another. */
  readonly readAll: (...commands: readonly Command[]) => Promise<readonly string[]>;
  /** Undefined if it fails because the thing does not exist, which `isListed` decides, never an error's text. */
  readonly readIfPresent: (command: Command, isListed: () => Promise<boolean>) => Promise<string | undefined>;
  /** In its own process: for commands that change something or take long. */
  readonly call: (command: Command, options?: RunOptions) => Promise<string>;
  /** The content of the file that the command writes; `command` gets its name. */
  readonly callForFile: (command: (file: string) => Command) => Promise<Uint8Array>;
  /** Gives XML to the command; `command` gets the name of its file. */
  readonly callWithXml: (xml: string, command: (file: string) => Command, options?: CallOptions) => Promise<string>;
}

export function virshAt(uri: string, { run, openSession, files }: Tools): Virsh {
  const virsh = (command: Command, { script, ...options }: CallOptions = {}) => {
    const whole = ["virsh", "-q", "-c", uri, ...command];
    if (script === undefined) return run("virsh", whole.slice(1), options);
    const env = { ...options.env, VIRSH_URI: uri };
    return run("sh", ["-c", script, "sh", ...whole], { ...options, env });
  };
  const call = async (command: Command, options?: CallOptions): Promise<string> => {
    try {
      return (await virsh(command, options)).stdout;
    } catch (failure) {
      throw explainVirsh(failure);
    }
  };
  const tryRead = batching(openReader(uri, openSession));
  const readAll = async (...commands: readonly Command[]) => (await tryRead(...commands)) ?? inTurn(commands, call);
  return {
    read: async (command) => (await readAll(command))[0] ?? "",
    readAll,
    readIfPresent: async (command, isListed) => {
      let found = (await tryRead(command))?.[0];
      for (let attempt = 1; found === undefined && attempt < lookAttempts; attempt += 1) {
        if (!(await isListed())) return undefined;
        found = await call(command).catch(() => undefined);
      }
      return found ?? call(command);
    },
    call,
    callForFile: (command) =>
      files.withTemporaryDirectory(async (directory) => {
        const file = path.join(directory, "output");
        await call(command(file));
        return files.readFrom(file, 0);
      }),
    // In a file: everybody can read a program's arguments, and virsh can't open a pipe from Node.
    callWithXml: (xml, command, options) =>
      files.withTemporaryDirectory(async (directory) => {
        const file = path.join(directory, "object.xml");
        await files.write(file, xml);
        return call(command(file), options);
      }),
  };
}

/** An object that is being deleted is listed for a moment after it can't be read any more. */
const lookAttempts = 5;

async function inTurn(commands: readonly Command[], call: Virsh["call"]): Promise<readonly string[]> {
  const printed: string[] = [];
  for (const command of commands) printed.push(await call(command));
  return printed;
}

/**
 * A virsh that reads commands lets a terminal edit them: here without a terminal's control characters, without the
 * user's key bindings, and without writing to the user's history in that directory.
 */
const asOnNoTerminal = { TERM: "dumb", INPUTRC: "/dev/null" };
const withoutHistory = { XDG_CACHE_HOME: "/dev/null" };

/** The first connection to a user's own daemon starts it, with that process's environment. */
const afterDaemon = `virsh "$@" uri </dev/null >/dev/null 2>&1; XDG_CACHE_HOME=${withoutHistory.XDG_CACHE_HOME} exec virsh "$@"`;

function openReader(uri: string, openSession: OpenSession) {
  const args = ["-q", "-c", uri];
  return isSystemConnection(uri.replace("+unix", ""))
    ? openSession("virsh", args, { ...asOnNoTerminal, ...withoutHistory })
    : openSession("sh", ["-c", afterDaemon, "virsh", ...args], asOnNoTerminal);
}
