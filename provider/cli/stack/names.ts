import path from "node:path";

/** The Pulumi project of all stacks of the command. */
export const projectName = "kvm-deploy";

/** A stack's settings: the configuration file that it belongs to, and the machines to install again. */
export const settingsKeys = { file: `${projectName}:file`, reinstall: `${projectName}:reinstall` } as const;

/** The directory of a user's states, passphrase and project. */
export interface Places {
  /** Pulumi's own directory of states. */
  readonly data: string;
  readonly passphrase: string;
  /** A Pulumi project, which `pulumi` itself can use, too. */
  readonly project: string;
  /** Pulumi's home, while the states are in `data`. */
  readonly home: string;
}

export function placesIn(data: string): Places {
  const below = (name: string) => path.join(data, name);
  return { data, passphrase: below("passphrase"), project: below("project"), home: below("pulumi-home") };
}

/** The stack of a configuration file: the file's own name, in letters that Pulumi allows. */
export function stackNameOf(file: string): string {
  const base = path.basename(file).replace(/\.ya?ml$/, "");
  return base.replace(/[^A-Za-z0-9_.-]+/g, "-").slice(0, 100) || "stack";
}

/** The file of a state in the user's directory. */
export function stateFileOf({ data }: Places, stack: string): string {
  return path.join(data, ".pulumi/stacks", projectName, `${stack}.json`);
}

/** The settings file of a stack, which Pulumi writes. */
export function settingsFileOf({ project }: Places, stack: string): string {
  return path.join(project, `Pulumi.${stack}.yaml`);
}

/** The files of the project, by their names in it. */
export function projectFiles(backend: string | undefined): Readonly<Record<string, string>> {
  const place = backend === undefined ? "" : `backend:\n  url: ${JSON.stringify(backend)}\n`;
  return {
    "Pulumi.yaml": `name: ${projectName}\ndescription: Stacks of the command kvm-deploy\nruntime: nodejs\nmain: index.js\n${place}`,
    "index.js": 'module.exports = require("kvm-deploy/stack");\n',
    "package.json": '{ "private": true, "main": "index.js" }\n',
  };
}
