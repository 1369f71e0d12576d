import { spawnSync } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline/promises";
import { missingPackages, PACKAGES } from "./packages.mjs";
import { say, SetupError } from "./report.mjs";
import { run } from "./run.mjs";

const INSTALL = path.join(import.meta.dirname, "install-packages.sh");

export const debianPackages = {
  name: "Debian packages",
  check: () => missing(Object.keys(PACKAGES)).join(" ") || undefined,
  apply: (context) => ensurePackages(context, Object.keys(PACKAGES)),
};

/** Installs those of `names` that are missing; asks first unless root or told --yes. */
export async function ensurePackages(context, names) {
  const lacking = missing(names);
  if (lacking.length === 0) return;
  say(`missing Debian packages: ${lacking.join(" ")}`);
  if (!context.isRoot && !context.yes) await askToInstall(lacking);
  const libvirt = lacking.includes("libvirt-daemon-system") ? "; the system's libvirt stays switched off" : "";
  say(`installing them${libvirt}`);
  if (context.isRoot) return run("sh", [INSTALL, ...lacking]);
  obtainSudo(`Debian packages are missing. Install them as root:\n    apt-get install ${lacking.join(" ")}`);
  await run("sudo", ["sh", INSTALL, ...lacking], { terminal: true });
}

function missing(names) {
  const { error, stdout } = spawnSync("dpkg-query", ["-W", "-f", "${Package} ${db:Status-Abbrev}\n", ...names], {
    encoding: "utf8",
  });
  if (error) throw new SetupError(notDebian());
  return missingPackages(names, stdout);
}

function notDebian() {
  const needs = Object.entries(PACKAGES).map(([name, reason]) => `    ${name.padEnd(22)}  ${reason}`);
  return `this system has no dpkg-query; set-up needs Debian 12 or newer. The Debian packages needed are\n${needs.join("\n")}`;
}

async function askToInstall(names) {
  const command = `sudo apt-get install ${names.join(" ")}`;
  if (!process.stdin.isTTY) {
    throw new SetupError(
      `Debian packages are missing, and there is no terminal to ask for confirmation. Run this with --yes, or first run\n    ${command}`,
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question("Install them now, by sudo apt-get? [Y/n] ");
  terminal.close();
  if (!/^(y|yes)?$/i.test(answer.trim())) throw new SetupError(`stopped. Install the packages first:\n    ${command}`);
}

/** Lets sudo ask for the password once, on the terminal, before its output is taken by a pipe. */
export function obtainSudo(otherwise) {
  if (spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0) return;
  const { error, status } = spawnSync("sudo", ["-v"], { stdio: "inherit" });
  if (error || status !== 0) throw new SetupError(`${error ? "sudo is not installed" : "sudo refused"}. ${otherwise}`);
}
