import type { AnswersProblem, Release, Validator, ValidatorOutcome } from "../family";

/** pykickstart's ksvalidator, which knows the commands of each release. */
export function validator(release: Release | undefined): Validator {
  return {
    command: ["ksvalidator", ...syntaxOf(release), "FILE"],
    obtainedFrom: "pykickstart: `pip install pykickstart`, or the package of that name",
    ignorance,
    parse,
  };
}

/** As pykickstart names the syntax of a release: `F43`, `RHEL9`. By itself it takes the newest, which is Rawhide's. */
function syntaxOf(release: Release | undefined): string[] {
  const number = Number.parseInt(release?.version ?? "", 10);
  if (release === undefined || Number.isNaN(number)) return [];
  return ["-v", `${release.title.startsWith("Fedora") ? "F" : "RHEL"}${number}`];
}

/** Hosts often have one that is older than the ISO: that is no fault of the answers. */
function ignorance({ stdout, stderr }: ValidatorOutcome): string | undefined {
  const version = /The version (\S+) is not supported by pykickstart/.exec(`${stdout}\n${stderr}`)?.[1];
  return version === undefined ? undefined : `which is too old to know the release ${version}`;
}

const problem = /The following problem occurred on line (\d+) of the kickstart file:\s*\n\s*\n([^\n]+)/g;

/**
 * Counted by the exit code, and no problem: an option that is deprecated, a VLAN of a bond, which is such a device, and a
 * boot loader's partition on a second disk.
 */
const harmless =
  /deprecated|A network device with the name \S+ has already been defined|A partition with the mountpoint biosboot has already/;

function parse({ stdout, stderr, exitCode }: ValidatorOutcome): AnswersProblem[] {
  const output = `${stdout}\n${stderr}`;
  const located = [...output.matchAll(problem)].map(([, line, text = ""]) => {
    return { line: Number(line), message: withoutValues(text) };
  });
  if (located.length > 0 || exitCode === 0 || harmless.test(output)) return located;
  return [{ message: withoutValues(output.trim().split("\n").at(-1) ?? "") }];
}

/** A value may be a secret, put in a wrong place; names of options and what may be chosen are none. */
function withoutValues(message: string): string {
  return message
    .replace(/(?<=^unrecognized arguments: ).*/, (words) => words.split(" ").map(optionIn).join(" "))
    .replaceAll(/(?<!choose from [^)]*)'[^']*'/g, "…");
}

function optionIn(word: string): string {
  return /^--[\w-]+/.exec(word)?.[0] ?? "…";
}
