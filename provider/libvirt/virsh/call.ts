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
   * A shell script that runs the command as `"$@"`, and in the same child process what belongs to it: whatever happens to us in
   * between, all of it is done. `$VIRSH_URI` is the connection; other values come by `env`.
   */
  readonly script?: string;
}

/** What the verbs are made of; every failure is told in the user's terms. */
export interface Virsh {
  /** Looks, and gives what is printed; all reads share a process. Nothing that takes long. */
  readonly read: (command: Command) => Promise<string>;
  /** Reads that belong together: one right after another. */
  readonly readAll: (...commands: readonly Command[]) => Promise<readonly string[]>;
  /** Undefined when it fails since the thing is absent, which `isListed` decides, never an error's text. */
  readonly readIfPresent: (command: Command, isListed: () => Promise<boolean>) => Promise<string | undefined>;
  /** In a process of its own: whatever changes something or takes long. */
  readonly call: (command: Command, options?: RunOptions) => Promise<string>;
  /** The same with XML, whose file's name stands where `command` puts it. */
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
      let seen = (await tryRead(command))?.[0];
      for (let attempt = 1; seen === undefined && attempt < lookAttempts; attempt += 1) {
        if (!(await isListed())) return undefined;
        seen = await call(command).catch(() => undefined);
      }
      return seen ?? call(command);
    },
    call,
    // Through a file: as a program argument everybody could read it, and virsh can't open a pipe from Node.
    callWithXml: (xml, command, options) =>
      files.withTemporaryFolder(async (folder) => {
        const file = path.join(folder, "object.xml");
        await files.write(file, xml);
        return call(command(file), options);
      }),
  };
}

/** What is being deleted is listed for a moment longer than it can be looked at. */
const lookAttempts = 5;

async function inTurn(commands: readonly Command[], call: Virsh["call"]): Promise<readonly string[]> {
  const printed: string[] = [];
  for (const command of commands) printed.push(await call(command));
  return printed;
}

/**
 * A virsh that reads commands edits them: without a terminal's control characters, without the user's own keys, and without
 * writing into the user's history, which it keeps in that folder.
 */
const asOnNoTerminal = { TERM: "dumb", INPUTRC: "/dev/null" };
const withoutHistory = { XDG_CACHE_HOME: "/dev/null" };

/** A user's own daemon, which the first to connect starts, gets the environment of that one. */
const afterDaemon = `virsh "$@" uri </dev/null >/dev/null 2>&1; XDG_CACHE_HOME=${withoutHistory.XDG_CACHE_HOME} exec virsh "$@"`;

function openReader(uri: string, openSession: OpenSession) {
  const args = ["-q", "-c", uri];
  return isSystemConnection(uri.replace("+unix", ""))
    ? openSession("virsh", args, { ...asOnNoTerminal, ...withoutHistory })
    : openSession("sh", ["-c", afterDaemon, "virsh", ...args], asOnNoTerminal);
}
