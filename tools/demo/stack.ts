import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { run } from "../../provider/host/run";
import { exists, fileBackend } from "../file-backend";
import type { DemoSite } from "./site";

const project = path.resolve(__dirname, "../../examples/debian-minimal");
const stackName = "demo";
const twentyMinutes = 20 * 60_000;

/** The stack of examples/debian-minimal, with a file backend and its own keys in one directory. */
export interface DemoStack {
  /** Private key that logs in. */
  readonly loginKey: string;
  /** Whether there is a stack to destroy. */
  exists(): Promise<boolean>;
  configure(site: DemoSite): Promise<void>;
  /** Runs Pulumi with the terminal's own input and output. @param enter its command's first arguments */
  show(enter: readonly string[], ...args: string[]): Promise<void>;
  outputs(): Promise<Record<string, unknown>>;
  /** Removes the stack's keys, state and configuration. */
  remove(): Promise<void>;
}

export async function openStack(directory: string): Promise<DemoStack> {
  const env = await fileBackend(directory);
  const loginKey = path.join(directory, "login-key");
  const flags = ["--cwd", project];
  const pulumi: Pulumi = async (args, input) => {
    const options = { env, timeoutMs: twentyMinutes, ...(input === undefined ? {} : { input }) };
    return (await run("pulumi", [...args, ...flags, "--non-interactive"], options)).stdout;
  };
  return {
    loginKey,
    exists: () => exists(path.join(directory, ".pulumi/stacks/debian-minimal", `${stackName}.json`)),
    configure: (site) => configure(directory, loginKey, site, pulumi),
    show: (enter, ...args) => runShown([...enter, "pulumi", ...args, ...flags, "--stack", stackName], env),
    outputs: async () =>
      JSON.parse(await pulumi(["stack", "output", "--json", "--stack", stackName])) as Record<string, unknown>,
    remove: async () => {
      await rm(directory, { recursive: true, force: true });
      await rm(path.join(project, `Pulumi.${stackName}.yaml`), { force: true });
    },
  };
}

type Pulumi = (args: readonly string[], input?: string) => Promise<string>;

async function configure(directory: string, loginKey: string, site: DemoSite, pulumi: Pulumi): Promise<void> {
  await makeKey(loginKey, "login");
  const hostKey = path.join(directory, "host-key");
  await makeKey(hostKey, "web");
  await pulumi(["stack", "select", "--create", stackName]);
  const values = {
    "kvm:connection": site.connection,
    source: JSON.stringify(site.source),
    system: JSON.stringify(site.system),
    debian: JSON.stringify(site.debian),
    disk: JSON.stringify(site.disk),
    vcpus: String(site.vcpus),
    rootKey: (await readFile(`${loginKey}.pub`, "utf8")).trim(),
  };
  for (const [key, value] of Object.entries(values)) await pulumi(["config", "set", key, value]);
  // By standard input: everybody on the machine can read a program's arguments.
  await pulumi(["config", "set", "--secret", "hostKey"], await readFile(hostKey, "utf8"));
}

/** Created once: another key would be another machine's. */
async function makeKey(file: string, comment: string): Promise<void> {
  if (!(await exists(file))) await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", file]);
}

async function runShown([program = "", ...args]: readonly string[], env: Record<string, string>): Promise<void> {
  const child = spawn(program, args, { stdio: "inherit", env: { ...process.env, ...env } });
  // The terminal's Ctrl-C reaches Pulumi too, which ends in its own time; we end with it.
  const ignore = (): void => undefined;
  process.on("SIGINT", ignore);
  const [code] = (await once(child, "exit")) as [number | null];
  process.off("SIGINT", ignore);
  if (code !== 0) throw new Error(`\`pulumi ${args.find((arg) => !arg.startsWith("-")) ?? ""}\` did not succeed`);
}
