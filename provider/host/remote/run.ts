import { CommandFailed } from "../../values/errors";
import { missingProgram } from "../programs";
import { type Run, runAs, startProgram, type StartProgram } from "../run";
import { type Connection, lostConnection, surroundings } from "./connection";
import { commandLine, quote } from "./quote";
import type { Semaphore } from "./semaphore";
import { channelArguments } from "./ssh-arguments";

/** How to open one more channel of a connection. */
export interface Channels {
  readonly connection: Connection;
  /** The program that is called as ssh. */
  readonly program: string;
  readonly limit: Semaphore;
}

/**
 * sshd serves ten sessions of a connection by default: the first one, a virsh that keeps running, one that may be ending,
 * and these.
 */
export const mostChannels = 7;

/** Runs programs of the host as local ones are run. After a lost connection a program continues to its end. */
export function remoteRun({ connection, program, limit }: Channels): Run {
  return (named, args, options = {}) =>
    limit(async () => {
      const { socket } = await connection.facts();
      const isStoppedByLine = options.input === undefined;
      const script = [
        ...(isStoppedByLine ? [endedByLine] : []),
        scriptOf(named, args, options.env ?? {}, options.cwd),
      ].join("; ");
      const call = { program, args: channelArguments(socket, `exec sh -c ${quote(script)}`) };
      // The script sets the environment and the directory.
      const local = { ...options, env: {}, cwd: "/" };
      try {
        return await runAs(call, { program: named, args }, local, isStoppedByLine);
      } catch (error) {
        throw await meant(error, named, connection);
      }
    });
}

/** Starts programs of the host that keep running; they end with their input. */
export function remoteStart({ connection, program }: Channels): StartProgram {
  return async (named, args, env) => {
    const { socket } = await connection.facts();
    return startProgram(program, channelArguments(socket, `exec sh -c ${quote(scriptOf(named, args, env))}`), {});
  };
}

/** sshd puts each channel's processes into a group of their own. A lost connection ends the input without a line. */
const endedByLine = `exec 3<&0 </dev/null; { read -r _ <&3 && { trap '' TERM; kill -TERM 0; sleep 2; kill -KILL 0; }; } >/dev/null 2>&1 & exec 3<&-`;

function scriptOf(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd?: string,
): string {
  const exports = Object.entries(env).map(([name, value]) => `export ${name}=${quote(value)}`);
  const move = cwd === undefined ? [] : [`cd -- ${quote(cwd)} || exit`];
  return [surroundings, ...exports, ...move, `exec ${commandLine(program, args)}`].join("; ");
}

const sshFailed = 255;
const noProgram = 127;

async function meant(error: unknown, program: string, { name, shell }: Connection): Promise<unknown> {
  if (!(error instanceof CommandFailed)) return error;
  const { exitCode, stderr } = error.failure;
  if (exitCode === noProgram && /exec: .*not found/.test(stderr)) return missingProgram(program, name);
  if (exitCode !== sshFailed && exitCode !== undefined) return error;
  // ssh uses this code for itself, and a program may use it, too: only a connection that still works decides.
  await shell(":");
  return /^mux_client_|Session open refused/m.test(stderr) ? lostConnection(name, error) : error;
}
