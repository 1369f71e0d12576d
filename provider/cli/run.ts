import { reportOf } from "../values/errors";
import { nearest } from "../values/nearest";
import { requestIn } from "./arguments";
import { type Command, exitCodes, helpFor, type World, wrongUse } from "./command";
import { helpOf, overviewOf } from "./texts/help";
import { inWordsOf } from "./typed";

/** Runs what the arguments name. @returns the exit code */
export async function runCommand(args: readonly string[], world: World): Promise<number> {
  const { terminal, table } = world;
  try {
    const [first] = args;
    if (first === undefined || isHelp(first)) {
      terminal.print(overviewOf(table));
      return first === undefined ? exitCodes.failed : exitCodes.fine;
    }
    const named = table.commands.find(({ name }) => name === first);
    return await runOne(named ?? table.other, named === undefined ? args : args.slice(1), world);
  } catch (error) {
    const text = reportOf(error);
    terminal.report(`kvm-deploy: ${text}`);
    if (beforeRest(args).includes("--json"))
      terminal.print(JSON.stringify({ isOk: false, messages: [{ severity: "error", text }] }, null, 2));
    return exitCodes.failed;
  }
}

async function runOne(command: Command, args: readonly string[], world: World): Promise<number> {
  const { table } = world;
  if (beforeRest(args).some(isHelp)) {
    world.terminal.print(helpOf(command));
    return exitCodes.fine;
  }
  const names = table.commands.map(({ name }) => name);
  const late = command === table.other ? args.find((arg) => names.includes(arg)) : undefined;
  if (late !== undefined) throw wrongUse(`the command ${late} must come first, before its options`, helpFor(late));
  const request = requestIn(args, command);
  const word = command === table.other ? args.find((arg) => !arg.startsWith("-")) : undefined;
  const { run } = await command.load();
  const whole = { ...request, meant: word === undefined ? undefined : nearest(word, names) };
  return inWordsOf(whole, world, (inWords) => run(whole, inWords));
}

/** What follows `--` belongs to another program. */
function beforeRest(args: readonly string[]): readonly string[] {
  const end = args.indexOf("--");
  return end === -1 ? args : args.slice(0, end);
}

function isHelp(arg: string): boolean {
  return ["--help", "-h"].includes(arg);
}
