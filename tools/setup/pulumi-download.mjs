import { findNode } from "./node.mjs";
import { say } from "./report.mjs";
import { run } from "./run.mjs";

const LIMIT_MS = 300_000;

// Pulumi's own installer knows where releases are and how they are named.
const INSTALL = `
  const [root, version] = process.argv.slice(1);
  const { SemVer } = require(require.resolve("semver", { paths: [require.resolve("@pulumi/pulumi/package.json")] }));
  const { PulumiCommand } = require("@pulumi/pulumi/automation");
  PulumiCommand.install({ root, version: new SemVer(version) }).catch((error) => {
    console.error(error.message);
    process.exit(1);
  });
`;

/**
 * Downloads the official release into `directory`. False if the download fails, as with access to package registries
 * only.
 */
export async function downloadPulumi(context, version, directory) {
  say(`downloading Pulumi CLI ${version}`);
  try {
    await run(findNode(context).file, ["-e", INSTALL, directory, version], { cwd: context.root, limit: LIMIT_MS });
    return true;
  } catch (error) {
    say(`the download failed (${lastLine(error.message)}), so the CLI is built from its Go modules`);
    return false;
  }
}

function lastLine(text) {
  return text.trim().split("\n").at(-1).trim();
}
