import { sshSettings } from "../../resources/machine/guest/ssh";
import { statusOf, type Deployed } from "../../resources/machine/status";
import { KvmError } from "../../values/errors";
import { type Request, wordsOf, type World } from "../command";
import { namedMachine } from "../stack/machines";
import { listOutput, type StateResource, textOutput } from "../stack/state";

export async function run(request: Request, world: World): Promise<number> {
  const machine = await namedMachine(request, world);
  const address = listOutput(machine, "addresses")[0] ?? (await addressNow(machine, world));
  const connection = textOutput(machine, "connection") ?? world.defaultConnection();
  const args = sshArguments(machine, address, connection, wordsOf(request, "COMMAND"));
  // ssh's own exit code says how the command on the machine has ended.
  return world.runInForeground("ssh", args);
}

/** An address from DHCP may have come after the last deployment. */
async function addressNow(machine: StateResource, world: World): Promise<string> {
  const host = world.host(textOutput(machine, "connection") ?? world.defaultConnection());
  const { addresses, state } = await statusOf(host, machine.outputs as unknown as Deployed);
  const [address] = addresses;
  if (address !== undefined) return address;
  throw new KvmError("not-found", `machine "${machine.name}" has no known address; it is ${state}`, {
    remedy: "Start it, or look at its console by `kvm-deploy console`",
  });
}

/** The login with the machine's own host key, which no known_hosts file can contradict. */
export function sshArguments(
  machine: StateResource,
  address: string,
  connection: string,
  command: readonly string[],
): string[] {
  const login = textOutput(machine, "login") ?? (textOutput(machine, "release") === undefined ? "root" : undefined);
  if (login === undefined)
    throw new KvmError("not-found", `no account of machine "${machine.name}" can log in by SSH`, {
      remedy: "Give `rootKeys` or a user with `keys` in its installer's `system`, or use `kvm-deploy console`",
    });
  const settings = sshSettings(address, listOutput(machine, "hostKeys"), connection).flatMap((setting) => [
    "-o",
    setting,
  ]);
  return [...settings, `${login}@${address}`, ...command];
}
