import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { AnswersProblem, Release } from "../../../provider/install/family";
import { validator } from "../../../provider/install/redhat/validator";
import { scratchFolder } from "../../iso/host";

/** One release of each syntax that is known to differ. */
export const releases: readonly Release[] = [
  { family: "redhat", title: "AlmaLinux 8.10", version: "8" },
  { family: "redhat", title: "AlmaLinux 9.6", version: "9.6" },
  { family: "redhat", title: "AlmaLinux 10.1", version: "10.1" },
  { family: "redhat", title: "Fedora 40", version: "40" },
  { family: "redhat", title: "Fedora 43", version: "43" },
];

const isThere = spawnSync("ksvalidator", ["--help"]).error === undefined;

/** Why the tests that need it are left out, or false. */
export const whyNoValidator = isThere ? false : "there is no ksvalidator (pip install pykickstart)";

/** What the real ksvalidator finds. */
export function problemsIn(kickstart: string, release: Release | undefined): readonly AnswersProblem[] {
  const file = path.join(scratchFolder(), "ks.cfg");
  writeFileSync(file, kickstart);
  const { command, ...found } = validator(release);
  const [program = "", ...args] = command.map((word) => (word === "FILE" ? file : word));
  const { stdout, stderr, status } = spawnSync(program, args, { encoding: "utf8" });
  return found.parse({ stdout, stderr, exitCode: status ?? 1 });
}
