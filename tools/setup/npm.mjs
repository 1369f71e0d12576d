import { readFileSync } from "node:fs";
import path from "node:path";
import { lockDifferences } from "./stale.mjs";
import { say } from "./report.mjs";
import { run } from "./run.mjs";

export const npmPackages = {
  name: "npm packages",
  check({ root }) {
    const lock = readLock(path.join(root, "package-lock.json"));
    // npm writes this one when everything else is in place.
    const installed = readLock(path.join(root, "node_modules/.package-lock.json"));
    return lockDifferences(lock, installed).join(" ") || undefined;
  },
  async apply({ root }) {
    say("installing the npm packages (npm ci)");
    // NODE_ENV=production or an `omit` in the user's npmrc would leave out what the programs need.
    await run("npm", ["ci", "--include=dev", "--include=optional", "--no-audit", "--no-fund", "--loglevel=http"], {
      cwd: root,
    });
  },
};

function readLock(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return {};
  }
}
