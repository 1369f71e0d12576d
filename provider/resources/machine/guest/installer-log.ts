import type { Family } from "../../../install/family";

/** What the installer's log has shown so far. */
export interface InstallerLog {
  /** The current stage. */
  readonly stage: string | undefined;
  /** The failure of a step, as reported by the answers' own scripts. */
  readonly failure: string | undefined;
  /** The last problems in the installer's own words. The installation may have continued after them. */
  readonly problems: readonly string[];
  /** Whether the log contains the mark that proves the end of the installation. */
  readonly isComplete: boolean;
  /** The last lines with text. */
  readonly tail: readonly string[];
  /** The start of a line whose end is not written yet. */
  readonly rest: string;
}

export const emptyLog: InstallerLog = {
  stage: undefined,
  failure: undefined,
  problems: [],
  isComplete: false,
  tail: [],
  rest: "",
};

/** What lines mean. */
export interface Meaning extends Pick<Family, "stageOf" | "problemOf"> {
  readonly mark: string;
}

const tailLines = 3;
const lastProblems = 2;

/** The log with the text that was written since. */
export function withText(log: InstallerLog, text: string, meaning: Meaning): InstallerLog {
  const lines = `${log.rest}${text}`.split("\n");
  const rest = lines.pop() ?? "";
  return { ...lines.reduce((before, line) => withLine(before, plain(line), meaning), log), rest };
}

/** Without the control characters and sequences of a terminal: an error that quotes the line is printed on the user's. */
function plain(line: string): string {
  return line
    .replaceAll(/\p{Cc}\[[0-?]*[ -/]*[@-~]/gu, "")
    .replaceAll(/\p{Cc}/gu, " ")
    .trim();
}

/** The log of a machine that is off: its last line has no end. */
export function ended(log: InstallerLog, meaning: Meaning): InstallerLog {
  return withText(log, "\n", meaning);
}

function withLine(log: InstallerLog, line: string, { mark, stageOf, problemOf }: Meaning): InstallerLog {
  if (line === "") return log;
  return {
    ...log,
    stage: stageOf(line) ?? log.stage,
    failure: log.failure ?? /kvm-deploy: failed: (.*)/.exec(line)?.[1],
    problems: withProblem(log.problems, problemOf?.(line)),
    isComplete: log.isComplete || line.includes(mark),
    tail: [...log.tail, line].slice(-tailLines),
  };
}

function withProblem(problems: readonly string[], problem: string | undefined): readonly string[] {
  if (problem === undefined) return problems;
  return [...problems.filter((earlier) => earlier !== problem), problem].slice(-lastProblems);
}
