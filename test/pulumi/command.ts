import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { run } from "../../provider/host/run";
import { CommandFailed } from "../../provider/values/errors";
import { root } from "../site";

/** A directory with a configuration, in which the compiled command runs with states of its own. */
export interface CommandSite {
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  /** Replaces the configuration. */
  write(text: string, name?: string): void;
  run(...args: string[]): Promise<Ran>;
  /** The same with another environment. */
  with(env: Readonly<Record<string, string>>): Pick<CommandSite, "run">;
  remove(): void;
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The compiled command; `npm test` compiles it. */
export const program = [process.execPath, path.join(root, "dist/provider/cli/index.js")] as const;

export function commandSite(connection: string): CommandSite {
  const directory = mkdtempSync(path.join(tmpdir(), "kvm-deploy-command-"));
  const env = {
    XDG_DATA_HOME: path.join(directory, "data"),
    KVM_DEPLOY_CONNECTION: connection,
    NODE_COMPILE_CACHE: path.join(root, ".cache/compiled"),
  };
  return {
    directory,
    env,
    write: (text, name = "lab.yaml") => writeFileSync(path.join(directory, name), text),
    run: (...args) => ran(args, directory, env),
    with: (other) => ({ run: (...args) => ran(args, directory, other) }),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

async function ran(args: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Promise<Ran> {
  try {
    const options = { cwd, env, accept: [1, 2], timeoutMs: 10 * 60_000 };
    const { exitCode, stdout, stderr } = await run(program[0], [program[1], ...args], options);
    return { code: exitCode, out: stdout, err: stderr };
  } catch (error) {
    throw error instanceof CommandFailed ? new Error(error.failure.stderr) : error;
  }
}

/** A network, and machines that boot nothing and are off. */
export function smallLab(prefix: string, machines: readonly string[], memory = "16MiB"): string {
  const [volumes, entries] = [
    machines.map((name) => `  ${prefix}-${name}-root: { size: 1MiB }\n`),
    machines.map(
      (name) =>
        `  ${prefix}-${name}: { memory: ${memory}, running: false, domainType: qemu, disks: [{ volume: ${prefix}-${name}-root }], nics: [{ network: ${prefix}-net }] }\n`,
    ),
  ];
  return `networks:\n  ${prefix}-net: { mode: isolated }\nvolumes:\n${volumes.join("")}machines:\n${entries.join("")}`;
}
