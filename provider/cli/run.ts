import { reportOf } from "../values/errors";
import { nearest } from "../values/nearest";
import { requestIn } from "./arguments";
import { type Command, type ExitCode, exitCodes, helpFor, type World, wrongUse } from "./command";
import { helpOf, overviewOf } from "./help";

/** Runs what the arguments name. @returns the exit code */
export async function runCommand(
  args: readonly string[],
  commands: readonly Command[],
  world: World,
): Promise<ExitCode> {
  const { terminal } = world;
  const [name, ...rest] = args;
  try {
    if (name === undefined || isHelp(name)) {
      terminal.print(overviewOf(commands));
      return name === undefined ? exitCodes.failed : exitCodes.fine;
    }
    const command = commandOf(name, commands);
    if (beforeRest(rest).some(isHelp)) {
      terminal.print(helpOf(command));
      return exitCodes.fine;
    }
    const request = requestIn(rest, command);
    const { run } = await command.load();
    return await run(request, world);
  } catch (error) {
    terminal.report(`kvm-deploy: ${reportOf(error)}`);
    return exitCodes.failed;
  }
}

function commandOf(name: string, commands: readonly Command[]): Command {
  const found = commands.find((command) => command.name === name);
  if (found !== undefined) return found;
  const names = commands.map((command) => command.name);
  const meant = nearest(name, names);
  const hint = meant === undefined ? "" : `; did you mean "${meant}"?`;
  throw wrongUse(`there is no command "${name}"${hint}`, helpFor(""));
}

/** What follows `--` belongs to another program. */
function beforeRest(args: readonly string[]): readonly string[] {
  const end = args.indexOf("--");
  return end === -1 ? args : args.slice(0, end);
}

function isHelp(arg: string): boolean {
  return ["--help", "-h"].includes(arg);
}
