import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { CommandFailed, KvmError } from "../../values/errors";
import { canonicalRemote, type RemoteTarget } from "../../values/remote-connection";
import { temporaryDirectory } from "../environment";
import { passingName, sweep } from "../leftovers";
import { type Program, run, startProgram } from "../run";
import { sessionsBy } from "../session";
import { isKeyRefused, loginFailure } from "./login-failures";
import { batchingShell, type Shell } from "./shell";
import { loginArguments, probeArguments } from "./ssh-arguments";

/** One login to a host, for all that this process does there. */
export interface Connection {
  /** The text for messages. */
  readonly name: string;
  /** Scripts are run in one shell, which keeps running. It ends with this process, and with it what it has started. */
  readonly shell: Shell;
  /** Facts that are known after the login. */
  readonly facts: () => Promise<HostFacts>;
}

export interface HostFacts {
  /** The socket for more channels of the connection. */
  readonly socket: string;
  /** Identifies the shell among the host's processes, as `thisProcess` does. */
  readonly process: string;
}

/** Logs in at the first use. A lost connection stays lost: the locks that it has held are no longer held. */
export function connectTo(target: RemoteTarget): Connection {
  const name = canonicalRemote(target);
  let opened: Promise<HostFacts & { readonly shell: Shell }> | undefined;
  const open = () => (opened ??= logIn(target));
  return {
    name,
    facts: open,
    shell: async (script) => {
      const { shell } = await open();
      return shell(script);
    },
  };
}

export function lostConnection(name: string, cause?: unknown): KvmError {
  return new KvmError("unreachable", `the connection to ${name} was lost`, {
    remedy: "Check the network and the host, and run `pulumi up` again: it continues from here",
    cause,
  });
}

async function logIn(target: RemoteTarget) {
  const name = canonicalRemote(target);
  const directory = await privateDirectory();
  const socket = path.join(directory, "ssh");
  const program = await startProgram(target.program, loginArguments(target, socket, "exec sh"), {});
  const remove = () => rmSync(directory, { recursive: true, force: true });
  process.once("exit", remove);
  program.hasEnded.addEventListener("abort", remove);
  const said = textOf(program);
  const session = sessionsBy(() =>
    program.hasEnded.aborted ? Promise.reject(lostConnection(name)) : Promise.resolve(program),
  )("", [], {});
  const shell = batchingShell(session);
  const greeted = await shell(greeting).catch(async () => {
    throw await explained(target, program, said);
  });
  if (!/^\d+-\d+-\d+$/.test(greeted.stdout)) throw unusable(name, greeted.stdout + greeted.stderr);
  return {
    socket,
    process: greeted.stdout,
    shell: (script: string) =>
      shell(script).catch((cause: unknown) => {
        throw lostConnection(name, cause);
      }),
  };
}

/** The names of programs of the system's administration, too; messages in English; the shell's own identity. */
export const surroundings = `PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"; export PATH; umask 022; LC_ALL=C.UTF-8; LANGUAGE=; export LC_ALL LANGUAGE`;

const greeting = `${surroundings}
  name=$(readlink /proc/self/ns/pid) && read -r stat < /proc/$$/stat && set -- \${stat##*) } && shift 19 &&
  name=\${name#*[} && printf %s "\${name%]}-$$-$1"; set --`;

async function privateDirectory(): Promise<string> {
  const parent = temporaryDirectory();
  await mkdir(parent, { recursive: true, mode: 0o700 });
  await sweep(parent);
  const directory = path.join(parent, passingName());
  await mkdir(directory, { mode: 0o700 });
  return directory;
}

const mostCharacters = 4096;

function textOf({ child }: Program): () => string {
  let text = "";
  child.stderr.on("data", (chunk: Buffer | string) => {
    text = (text + String(chunk)).slice(-mostCharacters);
  });
  return () => text;
}

async function explained(target: RemoteTarget, program: Program, said: () => string): Promise<unknown> {
  const { hasEnded } = program;
  if (!hasEnded.aborted) await once(hasEnded, "abort");
  if (hasEnded.reason instanceof KvmError) return hasEnded.reason;
  return loginFailure(target, said(), isKeyRefused(said()) ? await probe(target) : "");
}

/** The server shows its key before the login. */
async function probe(target: RemoteTarget): Promise<string> {
  return run(target.program, probeArguments(target)).then(
    ({ stderr }) => stderr,
    (error: unknown) => (error instanceof CommandFailed ? error.failure.stderr : ""),
  );
}

function unusable(name: string, said: string): KvmError {
  return new KvmError("unsupported", `${name} does not answer as a Linux system does: ${said.trim()}`, {
    property: "connection",
    remedy: "Give a KVM host with a POSIX shell, to which the user may log in without a restricted command",
  });
}

/** A new name on the host; no other process uses it. */
export function passingNameOf({ process: owner }: HostFacts): string {
  return `.kvm-deploy-${owner}-${randomBytes(6).toString("hex")}`;
}
