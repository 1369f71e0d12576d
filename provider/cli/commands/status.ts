import type { Deployed } from "../../resources/machine/status";
import { statusOf } from "../../resources/machine/status";
import { KvmError, reportOf } from "../../values/errors";
import { type ExitCode, exitCodes, has, type Request, wordsOf, type World } from "../command";
import { printable, type Style, styleOf } from "../rows/style";
import { type Cell, tableLines } from "../rows/table";
import { deployedMachines } from "../stack/machines";
import { listOutput, type StateResource, textOutput } from "../stack/state";
import { requireMachine } from "../stack/targets";

/** A row of the table. */
export interface StatusRow {
  readonly machine: string;
  readonly state: string;
  readonly addresses: readonly string[];
  readonly release: string | undefined;
  readonly phase: string | undefined;
  readonly waiting: readonly string[];
  readonly needsAttention: boolean;
}

export async function run(request: Request, world: World): Promise<ExitCode> {
  const { terminal } = world;
  const { file, machines, stack } = await deployedMachines(request, world);
  const configured = await machinesOfFile(file, world);
  const names = [...new Set([...configured, ...machines.map(({ name }) => name)])];
  const wanted = wordsOf(request, "MACHINE");
  for (const machine of wanted) requireMachine(machine, names);
  const chosen = wanted.length === 0 ? names : names.filter((name) => wanted.includes(name));
  const rows = await Promise.all(
    chosen.map((name) =>
      rowOf(
        name,
        machines.find((one) => one.name === name),
        world,
      ),
    ),
  );
  if (has(request, "json")) terminal.print(JSON.stringify({ file, stack, machines: rows }, null, 2));
  else for (const line of statusLines(rows, styleOf(terminal), terminal.screen?.size().columns)) terminal.print(line);
  return rows.some(({ needsAttention }) => needsAttention) ? exitCodes.found : exitCodes.fine;
}

/** Also those that are not deployed yet. A file that can't be read is reported, and its machines' status is shown. */
async function machinesOfFile(file: string, { terminal }: World): Promise<readonly string[]> {
  try {
    const { readConfiguration } = await import("../../config/read.js");
    return Object.keys(readConfiguration(file).machines);
  } catch (error) {
    if (!(error instanceof KvmError)) throw error;
    terminal.report(`kvm-deploy: ${error.message}`);
    return [];
  }
}

async function rowOf(machine: string, deployed: StateResource | undefined, world: World): Promise<StatusRow> {
  const nothing = { machine, addresses: [], release: undefined, phase: undefined, waiting: [], needsAttention: true };
  if (deployed === undefined) return { ...nothing, state: "not deployed" };
  const connection = textOutput(deployed, "connection") ?? world.defaultConnection();
  const release = textOutput(deployed, "release");
  try {
    const found = await statusOf(world.host(connection), deployed.outputs as unknown as Deployed);
    return { machine, release, ...found, phase: found.phase && world.typed(found.phase) };
  } catch (error) {
    world.terminal.report(`kvm-deploy: ${machine}: ${reportOf(error)}`);
    return { ...nothing, addresses: listOutput(deployed, "addresses"), release, state: "unknown" };
  }
}

const titles = ["MACHINE", "STATE", "ADDRESS", "RELEASE", "PHASE", "WAITS FOR A RESTART"] as const;

/** The table, one line for each machine. @param columns default: as wide as it is */
export function statusLines(rows: readonly StatusRow[], style: Style, columns = Infinity): string[] {
  if (rows.length === 0) return ["There are no machines."];
  const cells = rows.map(({ machine, state, addresses, release, phase, waiting }): Cell[] => [
    { text: machine, show: (text) => style("bold", text) },
    { text: `${state === "running" ? "●" : "○"} ${state}`, show: (text) => style(colourOf(state), text) },
    { text: addressText(addresses) },
    { text: printable(release ?? "-") },
    {
      text: printable(phase ?? "-"),
      show: (text) => (phase?.startsWith("failed") === true ? style("red", text) : text),
    },
    {
      text: waiting.length === 0 ? "-" : waiting.join(", "),
      show: (text) => style(waiting.length === 0 ? "dim" : "yellow", text),
    },
  ]);
  return tableLines(titles, cells, style, columns);
}

function colourOf(state: string) {
  if (state === "running") return "green";
  return state === "missing" || state === "crashed" || state === "unknown" ? "red" : "yellow";
}

function addressText([first, ...others]: readonly string[]): string {
  if (first === undefined) return "-";
  return others.length === 0 ? first : `${first} (+${others.length})`;
}
