import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { programEnv } from "./env.mjs";
import { say } from "./report.mjs";
import { run } from "./run.mjs";
import { hashOf } from "./stale.mjs";

const SOURCES = [
  "provider",
  "sdk",
  "tsconfig.json",
  "tsconfig.build.json",
  "tools/copy-assets.mjs",
  "package-lock.json",
];

/** Pulumi's provider process is plain Node and loads the compiled package. */
export const dist = {
  name: "dist/",
  check: ({ root }) => (readStamp(root) === hashOf(root, SOURCES) ? undefined : "older than its sources"),
  async apply(context) {
    say("compiling provider/ and sdk/ to dist/ (npm run build)");
    const hash = hashOf(context.root, SOURCES);
    await run("npm", ["run", "build"], { cwd: context.root, env: programEnv(context) });
    writeFileSync(stampFile(context.root), hash);
  },
};

function stampFile(root) {
  return path.join(root, "dist/.sources.sha256");
}

function readStamp(root) {
  try {
    return readFileSync(stampFile(root), "utf8");
  } catch {
    return undefined;
  }
}
