import { readFileSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { say } from "./report.mjs";
import { run } from "./run.mjs";
import { lockDifferences } from "./stale.mjs";

export const npmPackages = {
  name: "npm packages",
  check({ root }) {
    const names = differences(root);
    return [...names, ...(isLinked(root) ? [] : [path.basename(selfLink(root))])].join(" ") || undefined;
  },
  async apply({ root }) {
    await installLocked(root);
    if (!isLinked(root)) link(root);
  },
};

/** Installs what the directory's package-lock.json names, if it isn't there. */
export async function installLocked(directory) {
  if (differences(directory).length === 0) return;
  say("installing the npm packages (npm ci)");
  // NODE_ENV=production or an `omit` in the user's npmrc would leave out what the programs need.
  const flags = ["--include=dev", "--include=optional", "--include=peer", "--no-audit", "--no-fund", "--loglevel=http"];
  await run("npm", ["ci", ...flags], { cwd: directory });
}

function differences(directory) {
  const lock = readLock(path.join(directory, "package-lock.json"));
  // npm writes this one when everything else is in place.
  return lockDifferences(lock, readLock(path.join(directory, "node_modules/.package-lock.json")));
}

function readLock(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return {};
  }
}

/** This package as its own dependency, so that Pulumi's provider process finds it. */
function selfLink(root) {
  return path.join(root, "node_modules/kvm-deploy");
}

function isLinked(root) {
  try {
    return realpathSync(selfLink(root)) === realpathSync(root);
  } catch {
    return false;
  }
}

/** npm 9 makes a copy, without dist/, where newer ones make a link. */
function link(root) {
  rmSync(selfLink(root), { recursive: true, force: true });
  symlinkSync("..", selfLink(root));
}
