import { shellWord } from "../format/shell-word";
import { KvmError, lastLines } from "../values/errors";
import { type Request, valueOf, wordsOf, type World } from "./command";
import { stack } from "./table/options";

/** A command of Pulumi that a text names, or one of these without the user's arguments. */
const named = /`(pulumi|kvm-deploy) ([a-z]+)([^`]*)`/g;

/**
 * The text with the commands that the user of a stack types: the resources' messages name those of Pulumi, which users of a
 * program type.
 */
export function typed(text: string, request: Request, { table }: Pick<World, "table">): string {
  const ofStacks = table.commands.filter(({ options }) => options.includes(stack));
  const hasStack = request.command === table.other.name || ofStacks.some(({ name }) => name === request.command);
  return text.replace(named, (whole, program: string, verb: string, rest: string) => {
    const row = ofStacks.find(({ name }) => name === verb);
    if (program === "pulumi" && (rest !== "" || row === undefined))
      return hasStack ? `\`kvm-deploy pulumi${subject(request, false)} -- ${verb}${rest}\`` : whole;
    const hasMachines = row?.arguments.some(({ name }) => name === "MACHINE") === true;
    return rest === "" && row !== undefined ? `\`kvm-deploy ${verb}${subject(request, hasMachines)}\`` : whole;
  });
}

/** What a command is for, as the user has written it. */
function subject(request: Request, hasMachines: boolean): string {
  const given = valueOf(request, "stack");
  const words = [
    ...wordsOf(request, "FILE"),
    ...(hasMachines ? wordsOf(request, "MACHINE") : []),
    ...(given === undefined ? [] : ["--stack", given]),
  ];
  return words.map((word) => ` ${quoted(word)}`).join("");
}

/** A word for a shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : shellWord(word);
}

/** Does the work of a command, which reports everything in the words of its user. */
export async function inWordsOf<Result>(
  request: Request,
  world: World,
  work: (world: World) => Promise<Result>,
): Promise<Result> {
  const say = (text: string) => typed(text, request, world);
  const terminal = { ...world.terminal, report: (line: string) => world.terminal.report(say(line)) };
  try {
    return await work({ ...world, terminal, typed: say });
  } catch (error) {
    const expected = pulumisFailure(error) ?? error;
    throw expected instanceof KvmError ? new KvmError(expected.code, say(expected.message), { cause: error }) : error;
  }
}

/** A failure of Pulumi's CLI, which is no bug: its last words without its own prefix. */
function pulumisFailure(error: unknown): KvmError | undefined {
  if (!(error instanceof Error) || !("commandResult" in error)) return undefined;
  const { stderr = "" } = error.commandResult as { readonly stderr?: string };
  const lines = stderr.split("\n").flatMap((line) => /^error: (.*)/.exec(line.trim())?.[1] ?? []);
  return new KvmError("command-failed", `pulumi failed: ${[...new Set(lines)].join("; ") || lastLines(stderr, 3)}`);
}
