import type { Command, Table } from "../command";
import { argumentText, capitalised, exitsOf, helpOption, optionSummary, optionText } from "./help";
import { variables } from "./man";

/** The reference of the commands, in Markdown. */
export function commandReference({ commands, other }: Table): string {
  return [
    ...commands.map(sectionOf),
    `### kvm-deploy MACHINE\n\n${capitalised(other.summary)}. ${other.description.join(" ")}\n\n${optionsTable(other)}`,
    `## Environment\n\n${table(["Variable", "Meaning"], variables.map(([name, text]) => [code(name), text]))}`, // prettier-ignore
  ].join("\n\n");
}

function sectionOf(command: Command): string {
  const words = ["kvm-deploy", command.name, ...command.arguments.map(argumentText)].join(" ");
  return [
    `### ${command.name}`,
    `\`${words}\``,
    `${capitalised(command.summary)}.`,
    ...command.description,
    optionsTable(command),
    `Exit code: ${exitsOf(command)}.`,
  ].join("\n\n");
}

function optionsTable({ options }: Command): string {
  const rows = [...options, helpOption].map((option) => [code(optionText(option)), optionSummary(option)] as const);
  return table(["Option", "What it does"], rows);
}

function table(titles: readonly [string, string], rows: readonly (readonly [string, string])[]): string {
  const lines = [titles, ["---", "---"] as const, ...rows];
  return lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`).join("\n");
}

function code(text: string): string {
  return text
    .split(", ")
    .map((part) => `\`${part}\``)
    .join(", ");
}
