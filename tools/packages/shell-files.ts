import { writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import { table } from "../../provider/cli/table";
import { completionsFor } from "../../provider/cli/texts/completions";
import { manPage } from "../../provider/cli/texts/man";

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
  const page = await promisify(gzip)(manPage(table, version), { level: constants.Z_BEST_COMPRESSION });
  return {
    man: await write("kvm-deploy.1.gz", page),
    bash: await write("kvm-deploy.bash", completionsFor("bash", table)),
    zsh: await write("_kvm-deploy", completionsFor("zsh", table)),
    fish: await write("kvm-deploy.fish", completionsFor("fish", table)),
  };
}
