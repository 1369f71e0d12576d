import type { Command, Table } from "../command";
import { argumentText, capitalised, exitsOf, helpOption, optionSummary, optionText } from "./help";

/** The manual page kvm-deploy(1), in man's own language. @param version of the package */
export function manPage({ commands, other }: Table, version: string): string {
  return [
    `.TH KVM-DEPLOY 1 "" "kvm-deploy ${version}" "User Commands"`,
    ".SH NAME",
    "kvm\\-deploy \\- virtual machines on KVM hosts, installed from a distribution's installer ISO",
    ".SH SYNOPSIS",
    ".B kvm\\-deploy",
    "COMMAND [OPTION...] [ARGUMENT...]",
    ".br",
    ".B kvm\\-deploy",
    "[OPTION...] MACHINE",
    ".SH DESCRIPTION",
    escaped(
      "Deploys what a YAML configuration describes, by Pulumi's engine: networks, storage pools, volumes, installer ISOs and machines. `kvm-deploy MACHINE` is the same as `up` for one machine.",
    ),
    ".PP",
    escaped(other.description[0] ?? ""),
    ".SH COMMANDS",
    ...commands.flatMap(sectionOf),
    ".SH ENVIRONMENT",
    ...variables.flatMap(([name, text]) => [".TP", `.B ${escaped(name)}`, escaped(text)]),
    "",
  ].join("\n");
}

export const variables = [
  ["KVM_DEPLOY_CONNECTION", "The libvirt connection of resources that name none. Default: qemu:///system."],
  [
    "PULUMI_BACKEND_URL",
    "Where the states are, such as s3://bucket. Default: $XDG_DATA_HOME/kvm-deploy, else ~/.local/share/kvm-deploy.",
  ],
  [
    "PULUMI_CONFIG_PASSPHRASE, PULUMI_CONFIG_PASSPHRASE_FILE",
    "The passphrase of the secrets in the states. Default: one that is made at the first use, in the file `passphrase` of that directory.",
  ],
  ["NO_COLOR", "If it is set, the output has no colours."],
] as const;

function sectionOf(command: Command): string[] {
  const words = [command.name, "[OPTION...]", ...command.arguments.map(argumentText)].join(" ");
  return [
    `.SS ${quoted(words)}`,
    escaped(`${capitalised(command.summary)}.`),
    ...command.description.flatMap((paragraph) => [".PP", escaped(paragraph)]),
    ...[...command.options, helpOption].flatMap((option) => [
      ".TP",
      `.B ${escaped(optionText(option))}`,
      escaped(`${capitalised(optionSummary(option))}.`),
    ]),
    ".PP",
    escaped(`Exit code: ${exitsOf(command)}.`),
  ];
}

function quoted(text: string): string {
  return `"${escaped(text).replaceAll('"', "\\(dq")}"`;
}

/** A text that has no meaning to man: no line starts with its control characters. */
function escaped(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replace(/^[.']/gm, "\\&$&").replaceAll("`", "\\(cq");
}
