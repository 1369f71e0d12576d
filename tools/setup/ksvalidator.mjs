import { existsSync } from "node:fs";
import path from "node:path";
import { ensurePackages } from "./debian.mjs";
import { say, SetupError } from "./report.mjs";
import { capture, run } from "./run.mjs";

const VERSION = "3.78";
const LIMIT_MS = 120_000;

/** The reader of kickstart files, for which Debian has no package. Without it the tests that need it are skipped. */
export const ksvalidator = {
  name: "ksvalidator",
  isOptional: true,
  check: ({ root }) => (isThere(root) ? undefined : "no ksvalidator"),
  async apply(context) {
    say(`getting pykickstart ${VERSION} from PyPI`);
    try {
      await ensurePackages(context, ["python3-venv"]);
      await run("python3", ["-m", "venv", "--clear", folderOf(context.root)], { limit: LIMIT_MS });
      const pip = path.join(folderOf(context.root), "bin/pip");
      await run(pip, ["install", "--quiet", `pykickstart==${VERSION}`], { limit: LIMIT_MS });
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      say(`the tests of kickstart files are skipped, because pykickstart can't be installed: ${error.message}`);
    }
  },
};

/** The program's directory, for PATH; it comes after the user's own directories. */
export function ksvalidatorFolder(root) {
  return path.join(folderOf(root), "bin");
}

function folderOf(root) {
  return path.join(root, `.cache/pykickstart-${VERSION}`);
}

function isThere(root) {
  return (
    existsSync(path.join(ksvalidatorFolder(root), "ksvalidator")) || capture("ksvalidator", ["--help"]) !== undefined
  );
}
