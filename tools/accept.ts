/**
 * npm run accept -- RELEASE...: installs distributions from their own media by BIOS, UEFI and Secure Boot, verifies from
 * inside what was installed, and writes a report to attach to an issue.
 */
import { execFileSync } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { run } from "../provider/host/run";
import { messageOf } from "../provider/values/errors";
import { type Case, configurationOf } from "./accept/configuration";
import { factsFor, type Finding, findingsIn, scriptOf } from "./accept/facts";
import { parseAcceptOptions } from "./accept/options";
import { isAccepted, nameOf, type Outcome, reportOf, tableOf } from "./accept/report";
import { type AcceptSite, openSite } from "./accept/site";
import { type AcceptStack, openStack } from "./accept/stack";

const directory = path.resolve(__dirname, "../.cache/accept");

async function main(args: readonly string[]): Promise<boolean> {
  const { media, firmwares, memory, report } = parseAcceptOptions(args);
  const site = await openSite(media, console.log);
  const outcomes: Outcome[] = [];
  try {
    const host = await aboutHost(site);
    for (const medium of media)
      for (const firmware of firmwares) {
        const one = { medium, firmware };
        console.log(`${nameOf(medium)}, ${firmware}: installing`);
        outcomes.push(await accept(one, site, memory));
        await writeFile(report, reportOf(outcomes, host));
      }
  } finally {
    await site.stop();
  }
  for (const line of tableOf(outcomes)) console.log(line);
  console.log(`the report is in ${report}`);
  return outcomes.every(isAccepted);
}

async function accept(one: Case, site: AcceptSite, memory: string): Promise<Outcome> {
  const started = Date.now();
  const loginKey = path.join(directory, "login-key");
  await mkdir(directory, { recursive: true, mode: 0o700 });
  for (const file of [loginKey, `${loginKey}.pub`]) await rm(file, { force: true });
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", loginKey]);
  const key = (await readFile(`${loginKey}.pub`, "utf8")).trim();
  const configuration = configurationOf(one, site, memory, key);
  const stack = await openStack({ ...site, directory, configuration });
  let findings: readonly Finding[] = [];
  const ended = (failure?: string): Outcome => ({
    case: one,
    release: findings[0]?.actual ?? "",
    minutes: Math.round((Date.now() - started) / 60_000),
    findings,
    ...(failure === undefined ? {} : { failure }),
  });
  try {
    await stack.up();
    findings = await verify(one, site, stack, loginKey);
    await requireUnchanged(stack);
    await stack.destroy();
    return ended();
  } catch (error) {
    await stack.destroy().catch((again: unknown) => console.error(messageOf(again)));
    return ended(messageOf(error));
  }
}

async function verify(one: Case, site: AcceptSite, stack: AcceptStack, loginKey: string): Promise<readonly Finding[]> {
  const { sshCommand, hostKeys } = await stack.machine();
  const facts = factsFor(one, site, hostKeys);
  const login = [...site.enter, sshCommand.replace(/^ssh /, `ssh -i ${loginKey} -o ConnectTimeout=20 `), "sh -s"];
  // By standard input: no shell between here and there reads the script.
  const { stdout } = await run("sh", ["-c", login.join(" ")], { input: scriptOf(facts), timeoutMs: 10 * 60_000 });
  return findingsIn(stdout, facts);
}

async function requireUnchanged(stack: AcceptStack): Promise<void> {
  await stack.refresh();
  const preview = await stack.preview();
  if (/\bto (create|update|replace|delete)\b/.test(preview))
    throw new Error(`the next preview has changes:\n${preview}`);
}

async function aboutHost({ connection }: AcceptSite): Promise<readonly string[]> {
  const version = await run("virsh", ["--connect", connection, "version"]);
  const cpu = /^model name\s*: (.*)$/m.exec(await readFile("/proc/cpuinfo", "utf8"))?.[1] ?? "unknown";
  const packageFile = JSON.parse(await readFile(path.resolve(__dirname, "../package.json"), "utf8")) as {
    version: string;
  };
  const [library, hypervisor] = ["Using library: ", "Running hypervisor: "].map(
    (start) =>
      version.stdout
        .split("\n")
        .find((line) => line.startsWith(start))
        ?.slice(start.length) ?? "unknown",
  );
  return [`kvm-deploy ${packageFile.version}`, `${library ?? ""}, ${hypervisor ?? ""}`, `CPU: ${cpu}`];
}

main(process.argv.slice(2)).then(
  (isSo) => {
    process.exitCode = isSo ? 0 : 1;
  },
  (error: unknown) => {
    console.error(`accept: ${messageOf(error)}`);
    process.exitCode = 2;
  },
);
