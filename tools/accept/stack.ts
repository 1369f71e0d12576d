import { chmod, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { run, type RunResult } from "../../provider/host/run";
import { CommandFailed } from "../../provider/values/errors";
import { fileBackend } from "../file-backend";

const project = path.resolve(__dirname, "../..");
const name = "accept";

/** The repository's own stack, with a state in a directory of its own. */
export interface AcceptStack {
  preview(): Promise<string>;
  up(): Promise<void>;
  refresh(): Promise<void>;
  destroy(): Promise<void>;
  /** The command that logs in, and the public host keys. */
  machine(): Promise<{ readonly sshCommand: string; readonly hostKeys: readonly string[] }>;
}

interface StackOptions {
  readonly directory: string;
  readonly connection: string;
  readonly enter: readonly string[];
  /** The text of the configuration. */
  readonly configuration: string;
}

export async function openStack({ directory, connection, enter, configuration }: StackOptions): Promise<AcceptStack> {
  const env = { ...(await fileBackend(directory)), KVM_DEPLOY_CONNECTION: connection };
  const configurationFile = path.join(directory, "configuration.yaml");
  await writeFile(configurationFile, configuration, { mode: 0o600 });
  await chmod(configurationFile, 0o600);
  const settings = ["--config-file", path.join(directory, "settings.yaml")];
  const pulumi = (...args: string[]): Promise<RunResult> => {
    const [program, ...rest] = [...enter, "pulumi", ...args, "--cwd", project, "--non-interactive"];
    return run(program, rest, { env, timeoutMs: threeHours }).catch((error: unknown) => {
      throw withDiagnostics(error);
    });
  };
  await forgetSettings();
  await pulumi("stack", "select", "--create", name);
  await pulumi("config", "set", "config", configurationFile, ...settings);
  const change = async (verb: string) => {
    await pulumi(verb, "--yes", "--skip-preview", ...settings);
  };
  return {
    preview: async () => (await pulumi("preview", ...settings)).stdout,
    up: () => change("up"),
    refresh: () => change("refresh"),
    destroy: async () => {
      await change("destroy");
      await forgetSettings();
      await rm(directory, { recursive: true, force: true });
    },
    machine: async () => machineIn((await pulumi("stack", "export")).stdout),
  };
}

/** A new stack writes the salt of its passphrase into the project, and the next one would have another passphrase. */
function forgetSettings(): Promise<void> {
  return rm(path.join(project, `Pulumi.${name}.yaml`), { force: true });
}

/** Pulumi reports what failed on its standard output, after its progress. */
export function withDiagnostics(error: unknown): unknown {
  if (!(error instanceof CommandFailed)) return error;
  const diagnostics = /^Diagnostics:\n([^]*?)^Resources:/m.exec(error.failure.stdout)?.[1]?.trim();
  return diagnostics === undefined ? error : new Error(diagnostics, { cause: error });
}

const threeHours = 3 * 60 * 60_000;

interface State {
  readonly deployment: {
    readonly resources?: readonly { readonly urn: string; readonly outputs?: Readonly<Record<string, unknown>> }[];
  };
}

function machineIn(state: string) {
  const { resources = [] } = (JSON.parse(state) as State).deployment;
  const outputs = resources.find(({ urn }) => urn.includes(":Machine::"))?.outputs ?? {};
  return { sshCommand: String(outputs["sshCommand"]), hostKeys: outputs["hostKeys"] as readonly string[] };
}
