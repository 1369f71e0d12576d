import { connectionProblem } from "../../values/connection";
import { type ExitCode, exitCodes, has, helpFor, type Request, valueOf, type World, wrongUse } from "../command";
import { type Check, checksOf } from "../doctor/checks";
import { factsOf } from "../doctor/facts";
import { printable, type Style, styleOf } from "../rows/style";

export async function run(request: Request, world: World): Promise<ExitCode> {
  const connection = valueOf(request, "connection") ?? world.defaultConnection();
  const problem = connectionProblem(connection);
  if (problem !== undefined) throw wrongUse(problem, helpFor(request.command));
  const checks = checksOf(await factsOf(connection, world));
  const { terminal } = world;
  if (has(request, "json")) terminal.print(JSON.stringify({ connection, checks }, null, 2));
  else for (const line of checkLines(checks, styleOf(terminal))) terminal.print(line);
  if (checks.some(({ result }) => result === "error")) return exitCodes.failed;
  return checks.some(({ result }) => result === "warning") ? exitCodes.found : exitCodes.fine;
}

const marks = { ok: ["green", "✓"], warning: ["yellow", "!"], error: ["red", "✗"] } as const;

/** One line for each check, and what to do below it. */
export function checkLines(checks: readonly Check[], style: Style): string[] {
  const width = Math.max(...checks.map(({ name }) => name.length));
  return checks.flatMap(({ name, result, detail, remedy }) => {
    const [colour, mark] = marks[result];
    const line = `${style(colour, mark)} ${style("bold", name.padEnd(width))}  ${printable(detail)}`;
    return remedy === undefined ? [line] : [line, `  ${" ".repeat(width)}  ${style(colour, remedy)}`];
  });
}
