import { existsSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

/** What a command reads of the user who calls it. */
export interface Surroundings {
  /** The current directory. */
  readonly directory: string;
  /** The user's data, by the XDG base directories: the states of stacks and their passphrase. */
  readonly data: string;
  /** Pulumi CLIs that set-up or a command has installed. */
  readonly pulumiCommands: string;
  /** The system's configurations. */
  readonly configurations: string;
  /** A variable of the environment; undefined if it is not set or empty. */
  variable(name: string): string | undefined;
  /** The first file of that name in the directories of PATH. */
  onPath(name: string): string | undefined;
}

export function surroundings(): Surroundings {
  const variable = (name: string) => (process.env[name] === "" ? undefined : process.env[name]);
  const base = (name: string, fallback: string) =>
    path.join(variable(name) ?? path.join(homedir(), fallback), "kvm-deploy");
  return {
    directory: process.cwd(),
    data: base("XDG_DATA_HOME", ".local/share"),
    pulumiCommands: path.join(base("XDG_CACHE_HOME", ".cache"), "pulumi-cli"),
    configurations: "/etc/kvm-deploy",
    variable,
    onPath: (name) =>
      (variable("PATH") ?? "")
        .split(path.delimiter)
        .map((directory) => path.join(directory, name))
        .find((file) => path.isAbsolute(file) && existsSync(file)),
  };
}
