/**
 * npm run release -- VERSION: makes a release of the last commit in release/: the tarball for npm, the packages for operating
 * systems and SHA256SUMS. Sets the version, dates the changelog, and commits both. Publishes nothing.
 */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { messageOf } from "../provider/values/errors";
import { sha256OfFile } from "./debian-media/files";
import { run } from "./debian-media/run";
import { buildPackages, packTarball } from "./packages";
import { datedChangelog } from "./packages/changelog";
import { formats } from "./packages/description";
import { isVersion } from "./packages/version";

const root = path.dirname(__dirname);
const target = path.join(root, "release");

async function main(args: readonly string[]): Promise<void> {
  const [version = "", ...more] = args;
  if (!isVersion(version) || more.length > 0)
    throw new Error("usage: npm run release -- VERSION, where VERSION is such as 1.2.0 or 1.2.0-rc.1");
  await requireClean();
  await requireNewTag(version);
  const epoch = String(Math.floor(Date.now() / 1000));
  const files = await built(version, epoch);
  // The packages can be built again from the commit alone, with the same bytes: its time is theirs.
  const times = { GIT_AUTHOR_DATE: `@${epoch} +0000`, GIT_COMMITTER_DATE: `@${epoch} +0000` };
  await run("git", ["commit", "--quiet", "--message", `Release ${version}`, ...changed], { cwd: root, env: times });
  for (const file of files) console.log(path.relative(root, file));
  console.log(whatNext(version, path.relative(root, files[0] ?? "")));
}

/** The files that a release changes. */
const changed = ["CHANGELOG.md", "package.json", "package-lock.json"];

/** Builds everything with the version; after a failure, the work tree is as before. */
async function built(version: string, epoch: string): Promise<string[]> {
  try {
    await setVersion(version);
    const tarball = await packTarball(target);
    const files = [tarball, ...(await buildPackages(formats, tarball, target, epoch))];
    const sums = path.join(target, "SHA256SUMS");
    await writeFile(sums, await sumsOf(files));
    return [...files, sums];
  } catch (error) {
    await git("checkout", "--", ...changed);
    throw error;
  }
}

async function git(...args: string[]): Promise<string> {
  return (await run("git", args, { cwd: root })).toString().trim();
}

async function requireClean(): Promise<void> {
  const changes = await git("status", "--porcelain");
  if (changes !== "")
    throw new Error(`the work tree has changes that are not committed; commit or remove them:\n${changes}`);
}

async function requireNewTag(version: string): Promise<void> {
  if ((await git("tag", "--list", `v${version}`)) !== "")
    throw new Error(`there is a release ${version} already (tag v${version}); choose another version`);
}

async function setVersion(version: string): Promise<void> {
  const changelog = path.join(root, "CHANGELOG.md");
  const dated = datedChangelog(await readFile(changelog, "utf8"), version, new Date().toISOString().slice(0, 10));
  await writeFile(changelog, dated);
  const flags = ["--no-git-tag-version", "--allow-same-version", "--ignore-scripts"];
  await run("npm", ["version", version, ...flags], { cwd: root });
}

async function sumsOf(files: readonly string[]): Promise<string> {
  const lines = files.map(async (file) => `${await sha256OfFile(file)}  ${path.basename(file)}\n`);
  return (await Promise.all(lines)).join("");
}

function whatNext(version: string, tarball: string): string {
  return `
Nothing is published yet. Next:
    npm run test:packages            # installs the packages on Debian 12 and 13, and the RPM
    git tag -s v${version} -m ${version}
    gpg --detach-sign --armor release/SHA256SUMS
    git push --follow-tags
    npm publish ${tarball}
Then attach the files in release/ to the release. To take it back: git reset --keep HEAD~1`;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`release: ${messageOf(error)}`);
  process.exitCode = 1;
});
