import path from "node:path";
import { KvmError } from "../../values/errors";
import { choices } from "../../values/nearest";
import { helpFor, type Request, wordsOf, type World, wrongUse } from "../command";
import { configurationFile, isConfiguration } from "../configuration-file";
import { deploy } from "./deploy";

/** `kvm-deploy MACHINE`: deploys one machine, from its own file in the system's directory or from the usual one. */
export async function run(request: Request, world: World): Promise<number> {
  const [machine = ""] = wordsOf(request, "MACHINE");
  const file = (await ownFile(machine, world)) ?? (await usualFile(machine, request, world));
  const { readConfiguration } = await import("../../config/read.js");
  const machines = Object.keys(readConfiguration(file).machines);
  if (!machines.includes(machine))
    throw unknown(machine, request, `${file} has none of that name; ${choices("its machines", machine, machines)}`);
  return deploy("up", { ...request, arguments: { FILE: [file], MACHINE: [machine] } }, world);
}

/** `/etc/kvm-deploy/MACHINE.yaml`, where kvm-deploy of 2014 read it. */
async function ownFile(machine: string, { files, surroundings }: World): Promise<string | undefined> {
  for (const ending of [".yaml", ".yml"]) {
    const file = path.join(surroundings.configurations, `${machine}${ending}`);
    const text = await files.readTextIfPresent(file);
    if (text === undefined) continue;
    if (isConfiguration(text)) return file;
    throw new KvmError("invalid-input", `${file} has no section \`machines\``, {
      remedy: `If it is a configuration of kvm-deploy of 2014, convert it by \`kvm-deploy migrate ${file}\``,
    });
  }
  return undefined;
}

async function usualFile(machine: string, request: Request, world: World): Promise<string> {
  try {
    return await configurationFile({ ...request, arguments: {} }, world);
  } catch (error) {
    throw error instanceof KvmError ? unknown(machine, request, error.what) : error;
  }
}

/** What is neither a command nor a machine is probably a misspelt command. */
function unknown(word: string, { meant }: Request, why: string): KvmError {
  const hint = meant === undefined ? "" : ` (did you mean "${meant}"?)`;
  return wrongUse(`there is no command "${word}"${hint}, and no machine "${word}": ${why}`, helpFor(""));
}
