import { installerLogOf, type LogReader, readerOf } from "../../resources/machine/files/logs";
import { exitCodes, has, type Request, type World } from "../command";
import { printable } from "../rows/style";
import { namedMachine } from "../stack/machines";
import { requiredOutput, textOutput } from "../stack/state";

const pollMs = 500;

export async function run(request: Request, world: World): Promise<number> {
  const machine = await namedMachine(request, world);
  const host = world.host(textOutput(machine, "connection") ?? world.defaultConnection());
  const log = has(request, "installer")
    ? installerLogOf(host, { name: requiredOutput(machine, "name") })
    : requiredOutput(machine, "consoleLogPath");
  const reader = readerOf(host.files, log);
  await show(reader, world);
  if (has(request, "follow")) await follow(reader, world);
  return exitCodes.fine;
}

async function show(reader: LogReader, { terminal }: World): Promise<void> {
  const text = printable(await reader.next());
  if (text !== "") terminal.print(text.replace(/\n$/, ""));
}

/** Until the user interrupts. */
async function follow(reader: LogReader, world: World): Promise<void> {
  const stop = new AbortController();
  const interruption = world.listenForInterruption(() => stop.abort());
  try {
    while (!stop.signal.aborted) {
      await world.clock.sleep(pollMs, stop.signal).catch(() => undefined);
      await show(reader, world);
    }
  } finally {
    interruption.end();
  }
}
