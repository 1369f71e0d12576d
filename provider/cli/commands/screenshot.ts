import path from "node:path";
import { asPng } from "../../resources/machine/guest/picture";
import { KvmError } from "../../values/errors";
import { type ExitCode, exitCodes, has, type Request, valueOf, type World } from "../command";
import { namedMachine } from "../stack/machines";
import { requiredOutput, textOutput } from "../stack/state";

export async function run(request: Request, world: World): Promise<ExitCode> {
  const machine = await namedMachine(request, world);
  const { directory } = world.surroundings;
  const host = world.host(textOutput(machine, "connection") ?? world.defaultConnection());
  const picture = asPng(await host.libvirt.screenshot(requiredOutput(machine, "uuid")));
  if (picture.length === 0)
    throw new KvmError("not-found", `the display of machine "${machine.name}" has not been drawn yet`);
  const file = path.resolve(directory, valueOf(request, "output") ?? `${machine.name}.png`);
  // It may show secrets, so only its user can read it.
  await world.files.write(file, picture, 0o600);
  world.terminal.print(has(request, "json") ? JSON.stringify({ machine: machine.name, file }) : file);
  return exitCodes.fine;
}
