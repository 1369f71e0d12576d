import { existsSync } from "node:fs";
import path from "node:path";
import { run, type RunResult } from "../../provider/host/run";
import { root } from "../site";

/** A package manager as its users call it, and what a project says about it. */
export interface Manager {
  readonly name: string;
  /** Installs what the package.json in a directory says. */
  readonly install: readonly string[];
  /** Put before a command of an installed package. */
  readonly exec: readonly string[];
  /** Put before another program that loads what is installed. */
  readonly within: readonly string[];
  /** Whether packages see what they don't name themselves, as in another manager's layout of node_modules. */
  readonly isLikeNpm?: true;
  /** How a workspace names another one. */
  readonly workspace: string;
  /** Its settings, by file. */
  readonly files: Readonly<Record<string, string>>;
}

const pnpmSettings = (packages: string) => `packages: [${packages}]\nallowBuilds: { protobufjs: false }\n`;

export const managers: readonly Manager[] = [
  {
    name: "npm",
    install: ["npm", "install", "--no-audit", "--no-fund", "--prefer-offline"],
    exec: ["npx", "--no-install"],
    within: [],
    workspace: "*",
    files: {},
  },
  {
    name: "pnpm",
    install: ["pnpm", "install", "--prefer-offline", "--no-frozen-lockfile"],
    exec: ["pnpm", "exec"],
    within: [],
    workspace: "workspace:*",
    files: { "pnpm-workspace.yaml": pnpmSettings("components, program") },
  },
  {
    name: "yarn",
    install: ["yarn", "install"],
    exec: ["yarn", "exec"],
    within: [],
    isLikeNpm: true,
    workspace: "workspace:*",
    files: { "yarn.lock": "", ".yarnrc.yml": "nodeLinker: node-modules\n" },
  },
  {
    name: "yarn-pnp",
    install: ["yarn", "install"],
    exec: ["yarn", "exec"],
    within: ["yarn", "exec"],
    workspace: "workspace:*",
    files: { "yarn.lock": "", ".yarnrc.yml": "nodeLinker: pnp\n" },
  },
];

const programs = path.join(root, ".cache/package-managers");
const versions = ["pnpm@12.4.2", "@yarnpkg/cli-dist@4.18.1"];

/** Fetches those that Node comes without, once for this clone. */
export async function fetchManagers(): Promise<void> {
  if (existsSync(path.join(programs, "node_modules/.bin/yarn"))) return;
  await run("npm", ["install", "--prefix", programs, "--no-audit", "--no-fund", ...versions], {
    timeoutMs: minutes(5),
  });
}

/** Runs a command that may be one of theirs. Their own files are kept with the clone, not in the user's home. */
export function runIn(
  cwd: string,
  [program = "", ...args]: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<RunResult> {
  return run(program, args, {
    cwd,
    timeoutMs: minutes(5),
    env: {
      PATH: `${path.join(programs, "node_modules/.bin")}:${process.env["PATH"] ?? ""}`,
      CI: "",
      XDG_DATA_HOME: path.join(programs, "data"),
      XDG_CACHE_HOME: path.join(programs, "cache"),
      YARN_GLOBAL_FOLDER: path.join(programs, "yarn"),
      YARN_ENABLE_TELEMETRY: "0",
      YARN_ENABLE_IMMUTABLE_INSTALLS: "0",
      ...env,
    },
  });
}

function minutes(count: number): number {
  return count * 60_000;
}
