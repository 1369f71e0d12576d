import type { AnswersProblem, Validator, ValidatorOutcome } from "../family";

/**
 * In memory: with the host's own database, whose lock only one program gets at a time, of two checks at once one would
 * fail, and each while packages are installed.
 */
const databases = `Config: memory
Templates: memory

Name: memory
Driver: Pipe
Infd: none
Outfd: none
`;

/** debconf's own reader of answers. It knows no question, but finds a line that is no answer. */
export function validator(): Validator {
  return {
    command: ["debconf-set-selections", "-c", "FILE"],
    settings: { variable: "DEBCONF_SYSTEMRC", content: databases },
    obtainedFrom: "the package debconf",
    parse,
  };
}

const types = "string, boolean, select, multiselect, password, note and text";

/** What it quotes may be a password's hash, so that its own words are not repeated. */
function parse({ stderr, exitCode }: ValidatorOutcome): AnswersProblem[] {
  const problems = stderr.split("\n").flatMap((line): AnswersProblem[] => {
    const [, broken] = /^error: parse error on line (\d+):/.exec(line) ?? [];
    if (broken !== undefined)
      return [{ line: Number(broken), message: "is no answer; write OWNER QUESTION TYPE VALUE" }];
    const [, typed] = /^warning: Unknown type .*, skipping line (\d+)$/.exec(line) ?? [];
    if (typed === undefined) return [];
    return [{ line: Number(typed), message: `has a type that debconf doesn't know; there are ${types}` }];
  });
  if (problems.length > 0 || exitCode === 0) return problems;
  return [{ message: `debconf-set-selections can't read it, and ends with ${exitCode}` }];
}
