/**
 * npm run test:examples: installs the examples 1 to 3, one after the other, each in a stack of its own, and lets their
 * machines reach each other by ssh with verified host keys. Debian takes the place of Ubuntu, whose medium can't be built
 * from packages.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cp, readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { run } from "../../provider/host/run";
import { sshCommandOf } from "../../provider/resources/machine/guest/ssh";
import { type DebianMedia, debianMedia } from "../../tools/debian-media/index";
import { mirrorPort } from "../../tools/demo/site";
import type { TestStack } from "../pulumi/support";
import { type SoakSite, withSite } from "../soak/site";
import { edit, hostAddress, routerAddress } from "./edits";

const root = path.resolve(__dirname, "../..");
const patienceMs = 5 * 60_000;
const names = ["example1", "example2", "example3"] as const;
type Name = (typeof names)[number];

/** Where each machine finds the others, and where the host finds each. */
const addresses: Readonly<Record<"host" | Name, Readonly<Partial<Record<Name, string>>>>> = {
  host: { example1: routerAddress, example2: "172.16.0.10", example3: "172.16.1.3" },
  example1: { example2: "172.16.1.2", example3: "172.16.1.3" },
  example2: { example1: "172.16.1.1", example3: "172.16.2.3" },
  example3: { example1: "172.16.1.1", example2: "172.16.2.2" },
};

async function main(): Promise<void> {
  const media = await debianMedia({ cacheDir: path.join(root, ".cache/debian-media"), log });
  const serve = { directory: media.mirror, port: mirrorPort };
  await withSite("examples", 1, (site) => installOn(site, media), { serve, log });
}

async function installOn({ enter, stacks }: SoakSite, { iso, sha256 }: DebianMedia): Promise<void> {
  const [stack] = stacks;
  assert.ok(stack);
  await hostNetwork(enter);
  for (const name of ["Pulumi.yaml", "tsconfig.json", "index.ts", "examples"])
    await cp(path.join(root, name), path.join(stack.folder, name), { recursive: true });
  const loginKey = path.join(stack.folder, "login-key");
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", loginKey]);
  const key = (await readFile(`${loginKey}.pub`, "utf8")).trim();
  await edit(path.join(stack.folder, "examples"), { iso: { path: iso, sha256 }, key });
  const hostKeys = await deployAll(stack);
  await reachEachOther(enter, loginKey, hostKeys);
  await destroyAll(stack);
}

/** The host's own bridge, and the route that the README of Example 1 names. */
async function hostNetwork(enter: readonly string[]): Promise<void> {
  const commands = [
    "ip link add br0 type bridge",
    `ip address add ${hostAddress}/24 dev br0`,
    "ip link set br0 up",
    `ip route add 172.16.1.0/24 via ${routerAddress}`,
  ];
  for (const command of commands) {
    const [program = "", ...args] = [...enter, ...command.split(" ")];
    await run(program, args);
  }
}

/** @returns the host keys of each machine */
async function deployAll(stack: TestStack): Promise<Readonly<Record<Name, readonly string[]>>> {
  const keys: Partial<Record<Name, readonly string[]>> = {};
  for (const name of names) {
    await stack.pulumi("stack", "init", name);
    await stack.configure({ config: `examples/${name}/${name}.yaml` });
    log(`${name}: pulumi preview`);
    const preview = await stack.preview();
    assert.ok(preview.ok, preview.text);
    log(`${name}: pulumi up`);
    const started = Date.now();
    const up = await stack.up();
    assert.ok(up.ok, up.text.slice(-5000));
    log(`${name}: installed in ${Math.round((Date.now() - started) / 1000)} s`);
    assert.deepEqual(Object.keys((await stack.preview()).changes), ["same"]);
    keys[name] = hostKeysIn(await stack.state(), name);
  }
  return keys as Record<Name, readonly string[]>;
}

interface State {
  readonly deployment: { readonly resources: readonly { readonly urn: string; readonly outputs?: unknown }[] };
}

function hostKeysIn(state: string, name: string): readonly string[] {
  const { resources } = (JSON.parse(state) as State).deployment;
  const machine = resources.find(({ urn }) => urn.endsWith(`:Machine::${name}`))?.outputs as {
    readonly hostKeys: readonly string[];
  };
  assert.ok(machine.hostKeys.length > 0, `${name} has no host keys`);
  return machine.hostKeys;
}

/** By an agent, because no private key belongs on a machine. Each host key is verified. */
async function reachEachOther(
  enter: readonly string[],
  loginKey: string,
  hostKeys: Readonly<Record<Name, readonly string[]>>,
): Promise<void> {
  for (const from of names) {
    const at = addresses.host[from] ?? "";
    for (const [to, address] of Object.entries(addresses[from])) {
      const inner = `${ssh(address, hostKeys[to as Name])} hostname --fqdn`;
      const outer = ssh(at, hostKeys[from], "-A");
      const script = `ssh-add -q "$0" && exec "$@"`;
      const command = ["ssh-agent", "sh", "-c", script, loginKey, ...enter, "sh", "-c", `${outer} ${quoted(inner)}`];
      const [program = "", ...args] = command;
      assert.equal(await answerOf(program, args), `${to}.lab.example`);
      log(`${from} reaches ${to} at ${address}`);
    }
  }
}

/** Nothing waits for the SSH server of a machine that the host can't reach: it may still be starting. */
async function answerOf(program: string, args: readonly string[]): Promise<string> {
  const until = Date.now() + patienceMs;
  for (;;) {
    try {
      return (await run(program, args, { timeoutMs: 120_000 })).stdout.trim();
    } catch (error) {
      if (Date.now() > until) throw error;
    }
    await setTimeout(5_000);
  }
}

/** The command that a machine's outputs have. */
function ssh(address: string, keys: readonly string[], ...options: readonly string[]): string {
  const command = sshCommandOf(address, "root", keys, "qemu:///system") ?? "";
  return command.replace(/^ssh /, ["ssh", "-o ConnectTimeout=20", ...options, ""].join(" "));
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** The networks of a stack are removed after the machines of the others that are on them. */
async function destroyAll(stack: TestStack): Promise<void> {
  for (const name of names.toReversed()) {
    await stack.pulumi("stack", "select", name);
    const { ok, text } = await stack.destroy();
    assert.ok(ok, text);
    log(`${name}: destroyed`);
  }
}

function log(line: string): void {
  console.log(line);
}

main().then(
  () => log("the examples work"),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
