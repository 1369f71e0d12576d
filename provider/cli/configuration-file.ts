import path from "node:path";
import { KvmError } from "../values/errors";
import { type Request, wordsOf, type World } from "./command";

/**
 * The configuration that a command is for: the named one, else the only one in the current directory, else the only one of
 * the system. @returns an absolute path; a named file may be missing
 */
export async function configurationFile(request: Request, world: World): Promise<string> {
  const [named] = wordsOf(request, "FILE");
  const { directory, configurations } = world.surroundings;
  if (named !== undefined) return path.resolve(directory, named);
  for (const place of [directory, configurations]) {
    const found = await configurationsIn(place, world);
    if (found.length > 1) throw ambiguous(place, found);
    if (found[0] !== undefined) return path.join(place, found[0]);
  }
  throw new KvmError("not-found", `there is no configuration in ${directory} or ${configurations}`, {
    remedy: "Name the file, such as `kvm-deploy preview lab.yaml`, or write a first one by `kvm-deploy init`",
  });
}

/** The names of the configurations in a directory. */
async function configurationsIn(directory: string, { files }: World): Promise<string[]> {
  const names = (await files.list(directory)).filter((name) => /^(?!Pulumi\.).*\.ya?ml$/.test(name)).sort();
  const found: string[] = [];
  for (const name of names) {
    const text = await files.readTextIfPresent(path.join(directory, name)).catch(() => undefined);
    if (text !== undefined && isConfiguration(text)) found.push(name);
  }
  return found;
}

/** By its sections, now or in 2014, so that a file with errors is found, too. */
function isConfiguration(text: string): boolean {
  return /^(?:(["']?)(?:networks|pools|volumes|installers|machines)\1|vm|distro):/m.test(text);
}

function ambiguous(directory: string, names: readonly string[]): KvmError {
  return new KvmError("invalid-input", `there are several configurations in ${directory}: ${names.join(", ")}`, {
    remedy: "Name the one that you mean",
  });
}
