import path from "node:path";
import type { Configuration } from "../../config/configuration";
import { readTextSync } from "../../host/program-files";
import { KvmError } from "../../values/errors";
import { choices } from "../../values/nearest";
import { isFileName } from "../arguments";
import { helpFor, type Request, wordsOf, type World, wrongUse } from "../command";
import { configurationFile } from "../configuration-file";
import { inWordsOf } from "../typed";
import { deploy } from "./deploy";

/** `kvm-deploy MACHINE`: deploys one machine, from its own file in the system's directory or from the usual one. */
export async function run(request: Request, world: World): Promise<number> {
  const { file, machine, configuration } = await meantBy(request, world);
  const whole = { ...request, arguments: { FILE: [file], MACHINE: [machine] } };
  return inWordsOf(whole, world, (inWords) => deploy("up", whole, inWords, configuration));
}

interface Meant {
  readonly file: string;
  readonly machine: string;
  readonly configuration: Configuration;
}

export async function meantBy(request: Request, world: World): Promise<Meant> {
  const [word = ""] = wordsOf(request, "MACHINE");
  if (isFileName(word))
    throw wrongUse(`a command is missing before ${word}, such as \`kvm-deploy up ${word}\``, helpFor(""));
  const own = await ownFile(word, world);
  const file = own ?? (await usualFile(word, request, world));
  const { readConfiguration } = await import("../../config/read.js");
  const configuration = readConfiguration(file);
  const machines = Object.keys(configuration.machines);
  const machine = machines.includes(word) ? word : own && (await onlyOneOf2014(own, machines));
  if (machine !== undefined) return { file, machine, configuration };
  throw unknown(word, request, `${file} has none of that name; ${choices("its machines", word, machines)}`);
}

/** In 2014 the name was that of the file, whatever its machine's own name. */
async function onlyOneOf2014(file: string, [machine]: readonly string[]): Promise<string | undefined> {
  const { isOf2014File } = await import("../../config/kvm-deploy-2014/migrate.js");
  return isOf2014File(file, readTextSync) ? machine : undefined;
}

/** `/etc/kvm-deploy/MACHINE.yaml`, where kvm-deploy of 2014 read it. */
async function ownFile(machine: string, { files, surroundings }: World): Promise<string | undefined> {
  for (const ending of [".yaml", ".yml"]) {
    const file = path.join(surroundings.configurations, `${machine}${ending}`);
    if ((await files.stat(file))?.isFile === true) return file;
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
