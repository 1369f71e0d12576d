import { cp, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { run, type RunResult } from "../../provider/host/run";
import { CommandFailed } from "../../provider/values/errors";

const root = path.resolve(__dirname, "../..");

/** A project with one stack and a file backend, in a folder of its own. */
export interface TestStack {
  readonly folder: string;
  configure(values: Readonly<Record<string, string>>): Promise<void>;
  configureSecret(key: string, value: string): Promise<void>;
  /** Replaces the program: the body of a CommonJS module in which `kvm` and `pulumi` are imported. */
  program(body: string): Promise<void>;
  /** The same without `kvm`. */
  bareProgram(body: string): Promise<void>;
  preview(): Promise<Outcome>;
  up(...flags: string[]): Promise<Outcome>;
  refresh(): Promise<Outcome>;
  destroy(): Promise<Outcome>;
  outputs(): Promise<Record<string, unknown>>;
  /** The whole state, as exported. */
  state(): Promise<string>;
  pulumi(...args: string[]): Promise<RunResult>;
  /** What runs Pulumi on this stack, for tests that must start it themselves. */
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

export interface Outcome {
  readonly ok: boolean;
  /** Everything that was printed. */
  readonly text: string;
  /** Number of resources by what happens to them: create, update, replace, delete, same; without the stack itself. */
  readonly changes: Readonly<Record<string, number>>;
}

export interface StackOptions {
  readonly connection: string;
  /** Put before `pulumi`, to run it in another network. */
  readonly enter?: readonly string[];
  /** Folder of a project that is copied, in the place of a program by `program()`. */
  readonly project?: string;
}

export async function createStack(options: StackOptions): Promise<TestStack> {
  const folder = await mkdtemp(path.join(tmpdir(), "kvm-deploy-test-"));
  await (options.project === undefined ? writeProject(folder) : cp(options.project, folder, { recursive: true }));
  await symlink(path.join(root, "node_modules"), path.join(folder, "node_modules"));
  const env = environmentIn(folder, options);
  const flags = ["--non-interactive", "--color", "never"];
  const pulumi = (...args: string[]) => pulumiWith(undefined, ...args);
  const pulumiWith = (input: string | undefined, ...args: string[]) => {
    const [program = "", ...rest] = [...(options.enter ?? []), "pulumi", ...args, ...flags];
    return run(program, rest, { cwd: folder, env, timeoutMs: longestMs, ...(input === undefined ? {} : { input }) });
  };
  await pulumi("stack", "init", "test");
  const attempt = async (...args: string[]) => outcomeOf(() => pulumi(...args));
  return {
    folder,
    configure: async (values) => {
      for (const [key, value] of Object.entries(values)) await pulumi("config", "set", key, value);
    },
    configureSecret: async (key, value) => {
      await pulumiWith(value, "config", "set", "--secret", key);
    },
    program: (body) => writeFile(path.join(folder, "index.js"), `${importAll}${body}`),
    bareProgram: (body) => writeFile(path.join(folder, "index.js"), `${importPulumi}${body}`),
    preview: () => attempt("preview", "--diff"),
    up: (...flags) => attempt("up", "--yes", "--skip-preview", ...flags),
    refresh: () => attempt("refresh", "--yes", "--skip-preview"),
    destroy: () => attempt("destroy", "--yes", "--skip-preview"),
    outputs: async () =>
      JSON.parse((await pulumi("stack", "output", "--json", "--show-secrets")).stdout) as Record<string, unknown>,
    state: async () => (await pulumi("stack", "export")).stdout,
    pulumi,
    flags,
    env,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function writeProject(folder: string): Promise<void> {
  await writeFile(path.join(folder, "Pulumi.yaml"), projectFile);
  await writeFile(path.join(folder, "package.json"), '{ "main": "index.js" }\n');
}

const projectFile = "name: test\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n";
const importPulumi = 'const pulumi = require("@pulumi/pulumi");\n';
const importAll = `const kvm = require("kvm-deploy");\n${importPulumi}`;
const longestMs = 45 * 60_000;

/** Settings of a stack whose state is in the directory. */
export function environmentIn(
  folder: string,
  { connection }: Pick<StackOptions, "connection">,
): Record<string, string> {
  return {
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_HOME: path.join(folder, ".pulumi-home"),
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // A program and its provider load the same modules at each call of the CLI: a quarter of their time.
    NODE_COMPILE_CACHE: path.join(root, ".cache/compiled"),
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    KVM_DEPLOY_CONNECTION: connection,
  };
}

async function outcomeOf(work: () => Promise<RunResult>): Promise<Outcome> {
  try {
    const { stdout, stderr } = await work();
    return { ok: true, text: stdout + stderr, changes: changesIn(stdout) };
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    const { stdout, stderr } = error.failure;
    return { ok: false, text: `${stdout}${stderr}`, changes: changesIn(stdout) };
  }
}

const operations: Readonly<Record<string, string>> = {
  create: "create",
  created: "create",
  update: "update",
  updated: "update",
  replace: "replace",
  replaced: "replace",
  delete: "delete",
  deleted: "delete",
  unchanged: "same",
};

/** Reads the summary that ends every operation: lines such as `    + 3 created`. */
function changesIn(text: string): Record<string, number> {
  const summary = text.slice(text.lastIndexOf("Resources:"));
  const rows = [...summary.matchAll(/^\s+[^\s\d]*\s*(\d+) (?:to )?([a-z]+)/gm)];
  return Object.fromEntries(
    rows.flatMap(([, count, word = ""]) => (operations[word] === undefined ? [] : [[operations[word], Number(count)]])),
  );
}
