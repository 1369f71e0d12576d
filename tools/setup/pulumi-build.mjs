import { copyFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { findGo } from "./go.mjs";
import { say } from "./report.mjs";
import { run } from "./run.mjs";

const SDK = "github.com/pulumi/pulumi/sdk/v3";

/** Builds the CLI and its language host for Node from Go modules, whose checksums are in go.sum beside each go.mod. */
export async function buildPulumi(context, version, bin) {
  const go = await findGo(context);
  mkdirSync(bin, { recursive: true });
  say(`building Pulumi CLI ${version} with ${go.version}: about 4 minutes on 2 cores, only the first time`);
  await goBuild(context, go, "cli", bin, [
    ...["-tags", "osusergo,grpcnotrace", "-ldflags", `-s -w -X ${SDK}/go/common/version.Version=v${version}`],
    "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  ]);
  // Newer hosts are modules of their own that module proxies refuse; this one speaks the same protocol.
  await goBuild(context, go, "language-host", bin, [
    ...["-tags", "osusergo", "-ldflags", "-s -w"],
    `${SDK}/nodejs/cmd/pulumi-language-nodejs`,
  ]);
  // Beside the CLI, or each run warns that it takes this file from PATH.
  const resource = "pulumi-resource-pulumi-nodejs";
  copyFileSync(path.join(context.root, "node_modules/@pulumi/pulumi", resource), path.join(bin, resource));
}

async function goBuild(context, go, module, bin, args) {
  const cwd = path.join(context.root, "tools/pulumi-cli", module);
  await run(go.file, ["build", "-v", "-trimpath", "-o", `${bin}/`, ...args], { cwd, env: go.env });
}
