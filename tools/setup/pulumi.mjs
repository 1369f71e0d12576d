import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
} from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { buildPulumi } from "./pulumi-build.mjs";
import { downloadPulumi } from "./pulumi-download.mjs";
import { say, SetupError } from "./report.mjs";
import { capture } from "./run.mjs";
import { hashOf } from "./stale.mjs";
import { isAtLeast, majorMinor } from "./versions.mjs";

const MODULES = "tools/pulumi-cli";
const LANGUAGE_HOST = "pulumi-language-nodejs";

export const pulumi = {
  name: "Pulumi CLI",
  check: (context) => (findPulumi(context) ? undefined : `no Pulumi CLI ${leastVersion(context.root)} or newer`),
  async apply(context) {
    sayWhyNotOwn(context.root);
    const version = pinnedVersion(context.root);
    const home = homes(context.root).find(isWritable);
    const directory = path.join(home, key(context.root));
    await withDraft(directory, async (draft) => {
      if (!(await downloadPulumi(context, version, draft)))
        await buildPulumi(context, version, path.join(draft, "bin"));
      const got = versionOf(path.join(draft, "bin/pulumi"));
      if (got !== `v${version}`) throw new SetupError(`the new Pulumi CLI says "${got}" instead of "v${version}"`);
    });
    say(`Pulumi CLI ${version} is kept in ${directory}`);
  },
};

/** The CLI to use: {file, version}. The user's own where it is new enough, else the one that set-up made. */
export function findPulumi(context) {
  context.pulumi ??= ownPulumi(context.root) ?? madePulumi(context.root);
  return context.pulumi;
}

function ownPulumi(root) {
  const file = onPath("pulumi");
  const version = file && versionOf(file);
  return version && isAtLeast(version, leastVersion(root)) && hasLanguageHost(file) ? { file, version } : undefined;
}

function madePulumi(root) {
  const files = homes(root).map((home) => path.join(home, key(root), "bin/pulumi"));
  const file = files.find((candidate) => existsSync(candidate));
  return file && { file, version: `v${pinnedVersion(root)}` };
}

function sayWhyNotOwn(root) {
  const file = onPath("pulumi");
  if (!file) return;
  const reason = hasLanguageHost(file) ? `it is older than ${leastVersion(root)}` : `it comes without ${LANGUAGE_HOST}`;
  say(`${file} (${versionOf(file)}) is not used: ${reason}`);
}

function onPath(name) {
  const directories = (process.env.PATH ?? "").split(path.delimiter);
  return directories.map((directory) => path.join(directory, name)).find((file) => existsSync(file));
}

function versionOf(file) {
  return capture(file, ["version"], { env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" } })?.trim();
}

function hasLanguageHost(file) {
  return existsSync(path.join(path.dirname(realpathSync(file)), LANGUAGE_HOST)) || onPath(LANGUAGE_HOST) !== undefined;
}

/** The version that this package is tested with; it stands in the CLI's go.mod. */
function pinnedVersion(root) {
  const text = readFileSync(path.join(root, MODULES, "cli/go.mod"), "utf8");
  return /pulumi\/pkg\/v3 v(\S+)/.exec(text)[1];
}

/** Patch releases of the same minor are as good. */
function leastVersion(root) {
  return majorMinor(pinnedVersion(root));
}

function key(root) {
  return `${pinnedVersion(root)}-${hashOf(root, [MODULES]).slice(0, 12)}`;
}

/** The CLI's directory: for all of a user's clones; if that directory can't be written, for this clone. */
function homes(root) {
  const cache = process.env.XDG_CACHE_HOME || path.join(homedir(), ".cache");
  return [path.join(cache, "kvm-deploy/pulumi-cli"), path.join(root, ".cache/pulumi-cli")];
}

function isWritable(directory) {
  try {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Fills a draft directory and renames it, so that `directory` is complete or does not exist. */
async function withDraft(directory, fill) {
  removeDeadDrafts(path.dirname(directory));
  const draft = path.join(path.dirname(directory), `.draft.${process.pid}`);
  const remove = () => rmSync(draft, { recursive: true, force: true });
  // Set-up that is ended by a signal leaves by process.exit(), where no `finally` runs.
  process.on("exit", remove);
  await fill(draft);
  // Where another set-up was faster, its result is the same.
  if (!existsSync(directory)) renameSync(draft, directory);
}

function removeDeadDrafts(home) {
  for (const name of readdirSync(home).filter((entry) => entry.startsWith(".draft."))) {
    if (!existsSync(`/proc/${name.slice(".draft.".length)}`))
      rmSync(path.join(home, name), { recursive: true, force: true });
  }
}
