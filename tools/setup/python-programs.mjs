import { existsSync } from "node:fs";
import path from "node:path";
import { ensurePackages } from "./debian.mjs";
import { say, SetupError } from "./report.mjs";
import { capture, run } from "./run.mjs";

const LIMIT_MS = 300_000;
/** Without a network the tests start soon. What is not compiled takes half of the space: most of it is never used. */
const PIP_INSTALL = ["install", "--quiet", "--no-compile", "--retries", "1", "--timeout", "20"];

/** Programs of the tests for which Debian has no package, or an old one. Without one, the tests that need it are skipped. */
const PROGRAMS = [
  { name: "ksvalidator", project: "pykickstart", version: "3.78" },
  { name: "ansible-playbook", project: "ansible-core", version: "2.19.14" },
  { name: "salt-master", project: "salt", version: "3008.4" },
];

export const pythonPrograms = PROGRAMS.map(({ name, project, version }) => ({
  name,
  isOptional: true,
  check: ({ root }) => (isThere(root, name) ? undefined : `no ${name}`),
  async apply(context) {
    say(`getting ${project} ${version} from PyPI`);
    const folder = path.join(context.root, `.cache/${project}-${version}`);
    try {
      await ensurePackages(context, ["python3-venv"]);
      await run("python3", ["-m", "venv", "--clear", folder], { limit: LIMIT_MS });
      await run(path.join(folder, "bin/pip"), [...PIP_INSTALL, `${project}==${version}`], { limit: LIMIT_MS });
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      say(`the tests that need ${name} are skipped, because ${project} can't be installed: ${error.message}`);
    }
  },
}));

/** The programs' directories, for PATH; they come after the user's own directories. */
export function pythonFolders(root) {
  return PROGRAMS.map(({ project, version }) => path.join(root, `.cache/${project}-${version}/bin`));
}

function isThere(root, name) {
  const isInstalled = pythonFolders(root).some((folder) => existsSync(path.join(folder, name)));
  return isInstalled || capture(name, ["--help"]) !== undefined;
}
