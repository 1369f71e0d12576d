import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { run } from "../debian-media/run";
import type { Format } from "./description";
import { findNfpm, versionIn } from "./nfpm";
import { recipeOf, type Sources } from "./recipe";
import { writeShellFiles } from "./shell-files";
import { stageIn } from "./stage";

const root = path.resolve(__dirname, "../..");

const command = `#!/bin/sh
exec /usr/lib/kvm-deploy/bin/node /usr/lib/kvm-deploy/node_modules/kvm-deploy/dist/provider/cli/index.js "$@"
`;

const configurationReadme = `Configurations of kvm-deploy: YAML files that describe machines, with what they include in includes/.
They may contain secrets, so only root can read this directory. It stays when the package is removed.

    kvm-deploy --help
    /usr/share/doc/kvm-deploy/docs/configuration.md
`;

/** Packs what npm users install. @returns the tarball's path */
export async function packTarball(target: string): Promise<string> {
  await mkdir(target, { recursive: true });
  const output = await run("npm", ["pack", "--silent", "--pack-destination", target], { cwd: root });
  return path.join(target, lastLine(output.toString()));
}

/** Writes packages for operating systems. @param epoch the time that all their files get, in seconds @returns their paths */
export async function buildPackages(
  formats: readonly Format[],
  tarball: string,
  target: string,
  epoch: string,
): Promise<string[]> {
  const { version } = JSON.parse(await readFile(path.join(root, "package.json"), "utf8")) as { version: string };
  const nfpm = await findNfpm(versionIn(await readFile(path.join(__dirname, "nfpm/go.mod"), "utf8")));
  const work = await mkdtemp(path.join(tmpdir(), "kvm-deploy-packages-"));
  try {
    const sources = await sourcesIn(work, tarball, version);
    const written: string[] = [];
    for (const format of formats) {
      const recipe = path.join(work, `${format}.yaml`);
      await writeFile(recipe, recipeOf(format, version, sources));
      const args = ["package", "--config", recipe, "--packager", format, "--target", target];
      const output = await run(nfpm, args, { env: { SOURCE_DATE_EPOCH: epoch } });
      written.push(path.join(target, path.basename(lastLine(output.toString()))));
    }
    return written;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function sourcesIn(work: string, tarball: string, version: string): Promise<Sources> {
  const [commandFile, readmeFile] = [path.join(work, "kvm-deploy"), path.join(work, "README")];
  await writeFile(commandFile, command);
  await writeFile(readmeFile, configurationReadme);
  const stage = await stageIn(work, tarball);
  const shell = await writeShellFiles(work, version);
  return { command: commandFile, configurationReadme: readmeFile, ...stage, ...shell };
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() ?? "";
}
