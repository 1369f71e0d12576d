import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { nearest } from "../values/nearest";
import { messageOf } from "../values/errors";
import { type Argument, type Command, type Given, helpFor, type Option, type Request, wrongUse } from "./command";

/** Reads the words after a command's name. @throws KvmError that says which word is wrong */
export function requestIn(args: readonly string[], command: Command): Request {
  const { options, words, rest } = tokensIn(args, command);
  return { command: command.name, options, arguments: argumentsIn(words, rest, command) };
}

interface Tokens {
  readonly options: readonly Given[];
  readonly words: readonly string[];
  /** What follows `--`. */
  readonly rest: readonly string[];
}

function tokensIn(args: readonly string[], command: Command): Tokens {
  const { tokens } = parsed(args, command);
  const end = tokens.find(({ kind }) => kind === "option-terminator")?.index ?? args.length;
  const options = tokens.flatMap((token) =>
    token.kind === "option" ? [{ name: token.name, value: token.value ?? "" }] : [],
  );
  const words = tokens.flatMap((token) => (token.kind === "positional" && token.index < end ? [token.value] : []));
  for (const { name, value } of options) requireChoice(name, value, command);
  return { options, words, rest: args.slice(end + 1) };
}

function parsed(args: readonly string[], command: Command) {
  try {
    const options = optionsConfig(command.options);
    return parseArgs({ args: [...args], options, tokens: true, strict: true, allowPositionals: true });
  } catch (error) {
    const message = messageOf(error).replace(/\. .*/s, "");
    throw wrongUse(`${message}${meantOption(message, command)}`, helpFor(command.name));
  }
}

function optionsConfig(options: readonly Option[]): ParseArgsOptionsConfig {
  return Object.fromEntries(
    options.map(({ name, value, isRepeatable = false }) => [
      name,
      { type: value === undefined ? "boolean" : "string", multiple: isRepeatable },
    ]),
  );
}

function meantOption(message: string, { options }: Command): string {
  const [, unknown] = /^Unknown option '--([^']+)'/.exec(message) ?? [];
  const names = options.map(({ name }) => name);
  const meant = unknown === undefined ? undefined : nearest(unknown, names);
  return meant === undefined ? "" : `; did you mean --${meant}?`;
}

function requireChoice(name: string, value: string, command: Command): void {
  const choices = command.options.find((option) => option.name === name)?.choices;
  if (choices !== undefined && !choices.includes(value))
    throw wrongUse(`--${name} can't be "${value}": it is one of ${choices.join(", ")}`, helpFor(command.name));
}

const restName = "COMMAND";
const fileName = "FILE";

/** Whether a word is the name of a file: no machine has such a name. */
export function isFileName(word: string): boolean {
  return /\.ya?ml$/.test(word) || word.includes("/");
}

function argumentsIn(words: readonly string[], rest: readonly string[], command: Command): Request["arguments"] {
  const [all, help] = [command.arguments, helpFor(command.name)];
  const hasFile = all.some(({ name }) => name === fileName);
  const others = all.filter(({ name }) => name !== fileName && name !== restName);
  const isFile = (word: string) => hasFile && (others.length === 0 || isFileName(word));
  const files = words.filter(isFile);
  if (files.length > 1) throw wrongUse(`unexpected argument "${files[1] ?? ""}": one file is enough`, help);
  if (rest.length > 0 && !all.some(({ name }) => name === restName))
    throw wrongUse(`unexpected argument "${rest[0] ?? ""}"`, help);
  const machines = words.filter((word) => !isFile(word));
  const found: Request["arguments"] = { ...assigned(machines, others, help), [fileName]: files, [restName]: rest };
  for (const argument of all) requireArgument(argument, found[argument.name] ?? [], help);
  return found;
}

function assigned(words: readonly string[], places: readonly Argument[], help: string): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const word of words) {
    const place = places.find(({ name, isRepeatable }) => isRepeatable === true || found[name] === undefined);
    if (place === undefined) throw wrongUse(`unexpected argument "${word}"`, help);
    (found[place.name] ??= []).push(word);
  }
  return found;
}

function requireArgument({ name, isRequired, choices }: Argument, words: readonly string[], help: string): void {
  if (isRequired === true && words.length === 0) throw wrongUse(`${name} is missing`, help);
  const wrong = words.find((word) => choices?.includes(word) === false);
  if (wrong !== undefined && choices !== undefined)
    throw wrongUse(`${name} can't be "${wrong}": it is one of ${choices.join(", ")}`, help);
}
