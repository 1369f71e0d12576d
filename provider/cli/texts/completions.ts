import { shellWord } from "../../format/shell-word";
import type { Argument, Command, Option, Table } from "../command";
import { helpOption } from "./help";

export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/** A shell's completions of all commands, as one file. */
export function completionsFor(shell: Shell, table: Table): string {
  return { bash, zsh, fish }[shell](table.commands);
}

function optionsOf({ options }: Command): readonly Option[] {
  return [...options, helpOption];
}

/** The words that an argument or an option's value can be, if these are few. */
function choicesOf({ choices = [] }: Pick<Argument | Option, "choices">): readonly string[] {
  return choices;
}

function wordsOf(command: Command): string[] {
  return [...command.arguments.flatMap(choicesOf), ...optionsOf(command).map(({ name }) => `--${name}`)];
}

function takesFile({ arguments: all }: Command): boolean {
  return all.some(({ name }) => name === "FILE");
}

/** Whether an option's value is a path. */
function isPath({ value = "" }: Option): boolean {
  return ["FILE", "DIR", "KEY"].includes(value);
}

/** The options with a value, which is completed by itself. */
function valued(commands: readonly Command[]): readonly Option[] {
  const all = commands.flatMap(({ options }) => options).filter(({ value }) => value !== undefined);
  return [...new Map(all.map((option) => [option.name, option])).values()];
}

function bash(commands: readonly Command[]): string {
  const values = valued(commands).map((option) => {
    const choices = choicesOf(option);
    const list = choices.length > 0 ? `-W "${choices.join(" ")}"` : isPath(option) ? "-f" : undefined;
    const reply = list === undefined ? "" : `COMPREPLY=($(compgen ${list} -- "$word")); `;
    return `    --${option.name}) ${reply}return ;;`;
  });
  const rows = commands.map((command) => {
    const files = takesFile(command) ? ' $(compgen -f -X "!*.y*ml" -- "$word") $(compgen -d -S / -- "$word")' : "";
    return `    ${command.name}) COMPREPLY=($(compgen -W "${wordsOf(command).join(" ")}" -- "$word")${files}) ;;`;
  });
  return `# bash completion of kvm-deploy
_kvm_deploy() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(" ")} --help" -- "$word"))
    return
  fi
  case $before in
${values.join("\n")}
  esac
  case \${COMP_WORDS[1]} in
${rows.join("\n")}
  esac
}
complete -F _kvm_deploy kvm-deploy
`;
}

/** In zsh's own lists, where these characters separate. */
function described(name: string, summary: string): string {
  return shellWord(`${name}:${summary.replace(/[\\:]/g, "\\$&")}`);
}

function zsh(commands: readonly Command[]): string {
  const rows = commands.map((command) => {
    const options = optionsOf(command).map((option) => shellWord(zshOption(option)));
    const files = takesFile(command) ? " '*:file:_files -g \"*.y*ml\"'" : "";
    const choices = command.arguments.flatMap(choicesOf);
    const words = choices.length > 0 ? ` '*:value:(${choices.join(" ")})'` : "";
    return `    ${command.name}) _arguments ${options.join(" ")}${words}${files} ;;`;
  });
  return `#compdef kvm-deploy
_kvm_deploy() {
  local -a commands
  commands=(${commands.map(({ name, summary }) => described(name, summary)).join(" ")})
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${rows.join("\n")}
  esac
}
if [ "$funcstack[1]" = "_kvm_deploy" ]; then _kvm_deploy "$@"; else compdef _kvm_deploy kvm-deploy; fi
`;
}

function zshOption({ name, value, summary, isRepeatable, ...option }: Option): string {
  const text = summary.replace(/[[\]\\:]/g, "\\$&");
  const choices = choicesOf(option);
  const action =
    choices.length > 0
      ? `(${choices.join(" ")})`
      : value !== undefined && isPath({ name, value, summary })
        ? "_files"
        : " ";
  return `${isRepeatable === true ? "*" : ""}--${name}[${text}]${value === undefined ? "" : `:${value}:${action}`}`;
}

function fish(commands: readonly Command[]): string {
  const start = "complete -c kvm-deploy";
  const first = commands.map(
    ({ name, summary }) => `${start} -f -n __fish_use_subcommand -a ${name} -d ${fishQuoted(summary)}`,
  );
  const others = commands.flatMap((command) => {
    const when = `-n '__fish_seen_subcommand_from ${command.name}'`;
    const options = optionsOf(command).map((option) => {
      const choices = choicesOf(option);
      const list =
        choices.length > 0
          ? ` -x -a '${choices.join(" ")}'`
          : option.value === undefined
            ? ""
            : isPath(option)
              ? " -r"
              : " -x";
      return `${start} ${when} -l ${option.name}${list} -d ${fishQuoted(option.summary)}`;
    });
    const choices = command.arguments.flatMap(choicesOf);
    const words = choices.length > 0 ? [`${start} -f ${when} -a '${choices.join(" ")}'`] : [];
    return [...options, ...words];
  });
  return `# fish completion of kvm-deploy\n${[...first, ...others].join("\n")}\n`;
}

function fishQuoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
