import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { say, SetupError } from "./report.mjs";
import { run } from "./run.mjs";

const LIMIT_MS = 120_000;
const PROGRAM = "usr/sbin/sshd";

/**
 * An SSH server for tests, unpacked into a directory of its own with the libraries that this machine has not: an installed
 * package would start a service. Without it, the tests that need it are skipped.
 */
export const sshd = {
  name: "sshd",
  isOptional: true,
  check: ({ root }) =>
    existsSync(`/${PROGRAM}`) || existsSync(path.join(treeIn(root), PROGRAM)) ? undefined : "no sshd",
  async apply({ root }) {
    say("getting sshd from Debian's packages");
    const tree = treeIn(root);
    const part = `${tree}.part`;
    try {
      await rm(part, { recursive: true, force: true });
      await mkdir(path.join(part, "partial"), { recursive: true });
      // apt works with this machine's packages, and changes nothing of them: so it needs no lock.
      const settings = ["-o", `Dir::Cache::archives=${part}`, "-o", "Debug::NoLocking=true"];
      const download = ["-qq", "-y", "--no-install-recommends", "--download-only", ...settings];
      await run("apt-get", [...download, "install", "openssh-server"], { limit: LIMIT_MS });
      const archives = (await readdir(part)).filter((name) => name.endsWith(".deb"));
      for (const archive of archives) await run("dpkg-deb", ["-x", path.join(part, archive), part]);
      await rm(tree, { recursive: true, force: true });
      await rename(part, tree);
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      say(`the tests that need sshd are skipped, because openssh-server can't be downloaded: ${error.message}`);
    }
  },
};

function treeIn(root) {
  return path.join(root, ".cache/openssh-server");
}
