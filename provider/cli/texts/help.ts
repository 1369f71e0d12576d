import type { Argument, Command, Option, Table } from "../command";

/** The lines of `kvm-deploy --help`. */
export function overviewOf({ commands, other }: Table): string {
  return [
    "usage: kvm-deploy COMMAND [OPTION...] [ARGUMENT...]",
    `       kvm-deploy MACHINE  ${other.summary}`,
    "",
    ...columns(commands.map(({ name, summary }) => [name, summary])),
    "",
    "`kvm-deploy COMMAND --help` shows the options of a command.",
  ].join("\n");
}

/** The complete help of a command. */
export function helpOf(command: Command): string {
  const { summary, description, options } = command;
  const paragraphs = [`${capitalised(summary)}.`, ...description].map((text) => wrapped(text, lineWidth).join("\n"));
  const rows = [...options, helpOption].map((option) => [optionText(option), optionSummary(option)] as const);
  return [
    usageOf(command),
    ...paragraphs,
    columns(rows).join("\n"),
    wrapped(`Exit code: ${exitsOf(command)}.`, lineWidth).join("\n"),
  ].join("\n\n");
}

export const helpOption: Option = { name: "help", summary: "shows this help" };

export function usageOf({ name, arguments: all }: Command): string {
  return ["usage: kvm-deploy", ...(name === "" ? [] : [name]), "[OPTION...]", ...all.map(argumentText)].join(" ");
}

/** Such as `[FILE]` or `[-- COMMAND...]`. */
export function argumentText({ name, isRequired, isRepeatable }: Argument): string {
  const text = `${name === "COMMAND" ? "-- " : ""}${name}${isRepeatable === true ? "..." : ""}`;
  return isRequired === true ? text : `[${text}]`;
}

/** Such as `--connection URI`. */
export function optionText({ name, value }: Option): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}

export function optionSummary({ summary, choices, isRepeatable }: Option): string {
  const limits = choices === undefined ? "" : `: ${choices.join(", ")}`;
  return `${summary}${limits}${isRepeatable === true ? "; may be repeated" : ""}`;
}

/** Such as `0 there is no orphan; 1 there are orphans`. */
export function exitsOf({ exits }: Command): string {
  return Object.entries(exits)
    .map(([code, meaning]) => `${code} ${meaning}`)
    .join("; ");
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const lineWidth = 100;

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  const indent = " ".repeat(width + 4);
  return rows.map(([left, right]) => {
    const lines = wrapped(right, lineWidth - indent.length);
    return `  ${left.padEnd(width)}  ${lines.join(`\n${indent}`)}`;
  });
}

/** The text in lines that are not longer, as far as its words allow. */
export function wrapped(text: string, width: number): string[] {
  return text.split(" ").reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) return [...lines, word];
    return [...lines.slice(0, -1), `${last} ${word}`];
  }, []);
}
