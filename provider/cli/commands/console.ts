import { KvmError } from "../../values/errors";
import { exitCodes, type Request, type World } from "../command";
import { namedMachine } from "../stack/machines";
import { requiredOutput, textOutput } from "../stack/state";

/** virsh's own console: Ctrl-] leaves it. */
export async function run(request: Request, world: World): Promise<number> {
  const machine = await namedMachine(request, world);
  if (!world.terminal.isInteractive)
    throw new KvmError("invalid-input", "a console needs a terminal", {
      remedy: "Read its log instead: `kvm-deploy log`",
    });
  const connection = textOutput(machine, "connection") ?? world.defaultConnection();
  const args = ["--connect", connection, "console", requiredOutput(machine, "uuid")];
  return (await world.runInForeground("virsh", args)) === 0 ? exitCodes.fine : exitCodes.failed;
}
