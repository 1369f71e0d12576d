import { writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import { commands } from "../../provider/cli/table";
import { helpOf, overviewOf } from "../../provider/cli/help";

/** What man and shells know of the command, made from its table. */
export interface ShellFiles {
  /** Compressed, as dpkg's and rpm's own pages are. */
  readonly man: string;
  readonly bash: string;
  readonly zsh: string;
  readonly fish: string;
}

/** Writes them into a directory. */
export async function writeShellFiles(directory: string, version: string): Promise<ShellFiles> {
  const write = async (name: string, content: string | Buffer) => {
    const file = path.join(directory, name);
    await writeFile(file, content);
    return file;
  };
  const page = `.TH KVM-DEPLOY 1 "" "kvm-deploy ${version}" "User Commands"\n.nf\n${overviewOf(commands)}\n${commands.map(helpOf).join("\n")}`;
  return {
    man: await write("kvm-deploy.1.gz", await promisify(gzip)(page, { level: constants.Z_BEST_COMPRESSION })),
    bash: await write("kvm-deploy.bash", ""),
    zsh: await write("_kvm-deploy", ""),
    fish: await write("kvm-deploy.fish", ""),
  };
}
