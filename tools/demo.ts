import path from "node:path";
import { run } from "../provider/host/run";
import { messageOf } from "../provider/values/errors";
import { parseDemoOptions, type DemoOptions } from "./demo/options";
import { type DemoSite, namedConnection, openSite } from "./demo/site";
import { type DemoStack, openStack } from "./demo/stack";
import { DEMO_STATE_DIR, findEmbedded, stopEmbedded } from "./embedded/index";

const cache = path.resolve(__dirname, "../.cache");
const directory = path.join(cache, "demo");

async function main(args: readonly string[]): Promise<void> {
  const options = parseDemoOptions(args, namedConnection() !== undefined);
  const stack = await openStack(directory);
  await (options.action === "up" ? up(options, stack) : destroy(stack));
}

async function up(options: DemoOptions, stack: DemoStack): Promise<void> {
  const site = await openSite(options, cache, say);
  await stack.configure(site);
  say("pulumi preview");
  await stack.show(site.enter, "preview");
  say(
    "pulumi up: Debian's own installer runs now; it takes 5 to 15 minutes emulated, 2 minutes with hardware virtualisation",
  );
  await stack.show(site.enter, "up", "--yes", "--skip-preview");
  await logIn(site, stack);
}

/** Runs the printed command, with a command for the guest at its end. */
async function logIn(site: DemoSite, stack: DemoStack): Promise<void> {
  const { ssh } = await stack.outputs();
  const command = [...site.enter, String(ssh).replace(/^ssh /, `ssh -i ${stack.loginKey} `)].join(" ");
  say("logging in by ssh; the host key must be the one from the stack");
  const question = 'echo "$(hostname -f): $PRETTY_NAME, Linux $(uname -r), $(nproc) CPUs"; df -h / | tail -n 1; uptime';
  const { stdout } = await run("sh", ["-c", `${command} '. /etc/os-release; ${question}'`], { timeoutMs: 60_000 });
  console.log(stdout.trimEnd().replaceAll(/^/gm, "    "));
  say(`log in yourself:\n\n    ${isSudo() ? "sudo " : ""}${command}\n`);
  say("npm run demo -- destroy    removes everything again");
}

/** Whether the user of the terminal isn't root, as this program is: keys and network namespace are root's. */
function isSudo(): boolean {
  return process.env["SUDO_USER"] !== undefined;
}

async function destroy(stack: DemoStack): Promise<void> {
  const embedded = await findEmbedded(DEMO_STATE_DIR);
  const isOurs = namedConnection() === undefined;
  // Without the demo's own libvirt (after a reboot of this machine), nothing that the stack created exists any more.
  if ((await stack.exists()) && (!isOurs || embedded !== undefined)) {
    await stack.show(embedded?.enter ?? [], "destroy", "--yes", "--skip-preview");
  }
  if (isOurs) await stopEmbedded(DEMO_STATE_DIR);
  await stack.remove();
  say("the demo is removed; only files that make the next one faster are left (.cache)");
}

function say(text: string): void {
  console.log(`demo: ${text}`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`demo: ${messageOf(error)}`);
  process.exitCode = 1;
});
