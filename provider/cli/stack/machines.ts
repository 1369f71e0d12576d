import { KvmError } from "../../values/errors";
import { has, type Request, valueOf, wordsOf, type World } from "../command";
import { configurationFile } from "../configuration-file";
import { openStack } from "./open";
import { machinesIn, resourcesOf, type StateResource } from "./state";
import { requireMachine } from "./targets";

export interface DeployedMachines {
  readonly file: string;
  readonly stack: string;
  readonly machines: readonly StateResource[];
}

/** The machines that the state of a configuration's stack has. */
export async function deployedMachines(request: Request, world: World): Promise<DeployedMachines> {
  const file = await configurationFile(request, world);
  const wish = { file, name: valueOf(request, "stack"), isSure: has(request, "yes"), creates: false };
  const { stack, name } = await openStack(wish, world);
  return { file, stack: name, machines: machinesIn(await resourcesOf(stack, world)) };
}

/** The machine that a command names; without a name, the only one. */
export async function namedMachine(request: Request, world: World): Promise<StateResource> {
  const { file, machines } = await deployedMachines(request, world);
  const [named] = wordsOf(request, "MACHINE");
  const names = machines.map(({ name }) => name);
  if (named !== undefined) requireMachine(named, names);
  const [first, second] = named === undefined ? machines : machines.filter(({ name }) => name === named);
  if (first === undefined)
    throw new KvmError("not-found", `${file} has no deployed machine`, { remedy: "Run `kvm-deploy up` first" });
  if (second !== undefined)
    throw new KvmError("invalid-input", `there are several machines: ${names.join(", ")}`, { remedy: "Name one" });
  return first;
}
