import path from "node:path";
import { run } from "../provider/host/run";
import { messageOf } from "../provider/values/errors";
import { parseDemoOptions, type DemoOptions } from "./demo/options";
import { type DemoSite, namedConnection, openSite } from "./demo/site";
import { type DemoStack, openStack } from "./demo/stack";
import { DEMO_STATE_DIR, findEmbedded, stopEmbedded } from "./embedded/index";

const cache = path.resolve(__dirname, "../.cache");
const folder = path.join(cache, "demo");

async function main(args: readonly string[]): Promise<void> {
  const options = parseDemoOptions(args, namedConnection() !== undefined);
  const stack = await openStack(folder);
  await (options.action === "up" ? up(options, stack) : destroy(stack));
}

async function up(options: DemoOptions, stack: DemoStack): Promise<void> {
  const site = await openSite(options, cache, say);
  await stack.configure(site);
  say("pulumi preview");
  await stack.show(site.enter, "preview");
  say("pulumi up: Debian's own installer runs now; emulated it takes 5 to 15 minutes, with hardware virtualisation 2");
  await stack.show(site.enter, "up", "--yes", "--skip-preview");
  await logIn(site, stack);
}

/** Runs the very command that is printed, with a command for the guest behind it. */
async function logIn(site: DemoSite, stack: DemoStack): Promise<void> {
  const { ssh } = await stack.outputs();
  const command = [...site.enter, String(ssh).replace(/^ssh /, `ssh -i ${stack.loginKey} `)].join(" ");
  say("logging in by ssh; the host key must be the one that the stack put there");
  const question = 'echo "$(hostname -f): $PRETTY_NAME, Linux $(uname -r), $(nproc) CPUs"; df -h / | tail -n 1; uptime';
  const { stdout } = await run("sh", ["-c", `${command} '. /etc/os-release; ${question}'`], { timeoutMs: 60_000 });
  console.log(stdout.trimEnd().replaceAll(/^/gm, "    "));
  say(`log in yourself:\n\n    ${isSudo() ? "sudo " : ""}${command}\n`);
  say("npm run demo -- destroy    takes all of it away again");
}

/** Whether the user of the terminal isn't root, as this program is: keys and network namespace are root's. */
function isSudo(): boolean {
  return process.env["SUDO_USER"] !== undefined;
}

async function destroy(stack: DemoStack): Promise<void> {
  const embedded = await findEmbedded(DEMO_STATE_DIR);
  const isOurs = namedConnection() === undefined;
  // With the demo's own libvirt gone (after a reboot of this machine), everything that the stack made is gone with it.
  if ((await stack.exists()) && (!isOurs || embedded !== undefined)) {
    await stack.show(embedded?.enter ?? [], "destroy", "--yes", "--skip-preview");
  }
  if (isOurs) await stopEmbedded(DEMO_STATE_DIR);
  await stack.remove();
  say("nothing of the demo is left but the files that make the next one faster (.cache)");
}

function say(text: string): void {
  console.log(`demo: ${text}`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`demo: ${messageOf(error)}`);
  process.exitCode = 1;
});
