import { existsSync } from "node:fs";
import path from "node:path";
import { userDirectories } from "./environment";

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
  readonly variable: (name: string) => string | undefined;
  /** The first file of that name in the directories of PATH. */
  readonly onPath: (name: string) => string | undefined;
}

export function surroundings(): Surroundings {
  const variable = (name: string) => (process.env[name] === "" ? undefined : process.env[name]);
  const { data, cache } = userDirectories();
  return {
    directory: process.cwd(),
    data,
    pulumiCommands: path.join(cache, "pulumi-cli"),
    configurations: "/etc/kvm-deploy",
    variable,
    onPath: (name) =>
      (variable("PATH") ?? "")
        .split(path.delimiter)
        .map((directory) => path.join(directory, name))
        .find((file) => path.isAbsolute(file) && existsSync(file)),
  };
}
