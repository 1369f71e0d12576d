import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "shell-quote";
import { requestIn } from "../../provider/cli/arguments";
import { table } from "../../provider/cli/table";
import { messageOf } from "../../provider/values/errors";
import { root } from "../site";
import type { Block, Fault } from "./documents";

/** The words of one command, without those of its environment. */
type Words = readonly string[];

/** The subcommands of Pulumi that documents may use; another test asks the CLI for them and their options. */
const pulumiCommands = "preview,up,refresh,destroy,cancel,config set,stack export,stack init".split(",");

const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** The programs that documents may name, with what is wrong in a use of them. */
const programs: Readonly<Record<string, (words: Words) => string | undefined>> = {
  "kvm-deploy": faultOfCommand,
  npm: faultOfNpm,
  npx: ([program = "", ...words]) => (program === "kvm-deploy" ? faultOfCommand(words) : unknown(program)),
  pulumi: faultOfPulumi,
  yarn: ([verb = "", ...words]) => (verb === "exec" ? faultOf(words) : `documents use no yarn ${verb}`),
};

/** Programs of the system, whose words are not checked. */
const others = new Set("apt-get cd dnf man sha256sum ssh ssh-keygen virsh".split(" "));

export function faultsOfShell(block: Block): Fault[] {
  return commandsOf(block.text).flatMap(({ line, words }) => {
    const message = faultOf(words);
    return message === undefined ? [] : [{ block, line, message }];
  });
}

interface Line {
  readonly line: number;
  readonly words: Words;
}

/** The commands of a script, with their lines. */
export function commandsOf(text: string): Line[] {
  const found: Line[] = [];
  let [start, open] = [0, ""];
  for (const [index, line] of text.split("\n").entries()) {
    if (open === "") start = index;
    open += line;
    if (open.endsWith("\\")) open = `${open.slice(0, -1)} `;
    else {
      found.push(...commandsIn(open).map((words) => ({ line: start, words })));
      open = "";
    }
  }
  return found;
}

function commandsIn(line: string): Words[] {
  const commands: string[][] = [[]];
  for (const part of parse(line, (name) => `$${name}`)) {
    if (typeof part === "string") commands.at(-1)?.push(part);
    else if ("pattern" in part) commands.at(-1)?.push(part.pattern);
    else if ("op" in part && !/[<>]/.test(part.op)) commands.push([]);
  }
  return commands
    .map((words) => words.slice(words.findIndex((word) => !/^\w+=/.test(word))))
    .filter(({ length }) => length > 0);
}

function faultOf([program = "", ...words]: Words): string | undefined {
  if (others.has(program)) return undefined;
  return (programs[program] ?? (() => unknown(program)))(words);
}

function unknown(program: string): string {
  return `${program} is no program that documents use; test/docs/shell.ts lists them`;
}

function faultOfCommand([first = "", ...words]: Words): string | undefined {
  if (first === "--help") return undefined;
  const named = table.commands.find(({ name }) => name === first);
  if (named !== undefined && words.includes("--help")) return undefined;
  try {
    requestIn(named === undefined ? [first, ...words] : words, named ?? table.other);
    return undefined;
  } catch (error) {
    return `kvm-deploy ${first}: ${messageOf(error)}`;
  }
}

function faultOfNpm([verb = "", ...words]: Words): string | undefined {
  if (["install", "ci"].includes(verb)) return undefined;
  const name = verb === "run" ? words.find((word) => !word.startsWith("-")) : verb;
  if (name === undefined || scripts[name] === undefined) return `package.json has no script ${name ?? ""}`;
  const missing = words.find((word) => /\.tsx?$/.test(word) && !existsSync(path.join(root, word)));
  return missing === undefined ? undefined : `${missing} does not exist`;
}

function faultOfPulumi(words: Words): string | undefined {
  return pulumiCommandOf(words) === undefined
    ? `pulumi ${words.slice(0, 2).join(" ")} is not in test/docs/shell.ts`
    : undefined;
}

/** The subcommand that the words start with. */
export function pulumiCommandOf(words: Words): string | undefined {
  return pulumiCommands.find((command) => `${words.join(" ")} `.startsWith(`${command} `));
}
