import { type Case } from "./configuration";
import type { Finding } from "./facts";
import type { Medium } from "./options";

/** What came of one case. */
export interface Outcome {
  readonly case: Case;
  /** As the installed system names itself; empty if it could not be asked. */
  readonly release: string;
  readonly minutes: number;
  readonly findings: readonly Finding[];
  /** The message of what failed before or after the facts. */
  readonly failure?: string;
}

export function isAccepted({ findings, failure }: Outcome): boolean {
  return failure === undefined && findings.length > 0 && findings.every(({ isTrue }) => isTrue);
}

export function nameOf(medium: Medium): string {
  return medium.kind === "release" ? medium.name : medium.kind === "iso" ? medium.file : "built Debian medium";
}

/** A table, and what is not as expected, in Markdown. @param host lines about the host */
export function reportOf(outcomes: readonly Outcome[], host: readonly string[]): string {
  return [
    "# Accepted installations",
    "",
    ...host.map((line) => `- ${line}`),
    "",
    ...tableOf(outcomes),
    "",
    ...outcomes.filter((outcome) => !isAccepted(outcome)).flatMap(detailsOf),
  ].join("\n");
}

export function tableOf(outcomes: readonly Outcome[]): string[] {
  const rows = outcomes.map((outcome) => {
    const trueOnes = outcome.findings.filter(({ isTrue }) => isTrue).length;
    const { medium, firmware } = outcome.case;
    const facts = `${trueOnes} of ${outcome.findings.length}`;
    const result = isAccepted(outcome) ? "accepted" : "**not accepted**";
    return [nameOf(medium), firmware, outcome.release, facts, `${outcome.minutes} min`, result];
  });
  return [["Medium", "Firmware", "Release", "Facts", "Time", "Result"], ["-", "-", "-", "-", "-", "-"], ...rows].map(
    (cells) => `| ${cells.join(" | ")} |`,
  );
}

function detailsOf({ case: { medium, firmware }, findings, failure }: Outcome): string[] {
  const wrong = findings.filter(({ isTrue }) => !isTrue);
  return [
    `## ${nameOf(medium)}, ${firmware}`,
    "",
    ...(failure === undefined ? [] : [...fenced(failure), ""]),
    ...wrong.flatMap(({ fact, actual }) => [
      `- ${fact.name}: expected ${typeof fact.expected === "string" ? JSON.stringify(fact.expected) : String(fact.expected)}, found`,
      "",
      ...fenced(actual),
      "",
    ]),
  ];
}

function fenced(text: string): string[] {
  return ["```", ...text.split("\n"), "```"];
}
