import path from "node:path";
import { canRunKvm } from "../../libvirt/capabilities";
import type { Host } from "../../resource/host";
import { KvmError } from "../../values/errors";
import { exitCodes, has, helpFor, type Request, valueOf, wordsOf, type World, wrongUse } from "../command";
import { firstConfiguration, freeSubnet } from "../init-text";

export async function run(request: Request, world: World): Promise<number> {
  const { terminal, files, surroundings } = world;
  const file = path.resolve(surroundings.directory, wordsOf(request, "FILE")[0] ?? "lab.yaml");
  if ((await files.stat(file)) !== undefined)
    throw new KvmError("conflict", `${file} exists already`, { remedy: "Name another file, or remove it" });
  const isSure = has(request, "yes");
  if (!isSure && !terminal.isInteractive)
    throw wrongUse("there is no terminal to ask on; --yes takes the defaults", helpFor(request.command));
  const ask = async (option: string, question: string, usual: string) => {
    const given = valueOf(request, option);
    if (given !== undefined || isSure) return given ?? usual;
    return (await terminal.ask(`${question}${usual === "" ? ":" : ` [${usual}]:`}`)) || usual;
  };
  const machine = machineName(await ask("machine", "Name of the machine", "web"));
  const source = await ask("source", "What is installed, such as debian:13 or fedora:44", "debian:13");
  const key = await keyOf(await ask("key", "SSH public key, or its file", (await usualKey(world)) ?? ""), world);
  const host = world.host(valueOf(request, "connection") ?? world.defaultConnection());
  const text = firstConfiguration({ machine, source, key, ...(await factsOf(host)) });
  await files.write(file, text, 0o600);
  const { readConfiguration } = await import("../../config/read.js");
  readConfiguration(file);
  terminal.print(`${file} is written. \`kvm-deploy preview ${path.basename(file)}\` shows what it does.`);
  return exitCodes.fine;
}

function machineName(text: string): string {
  if (/^[a-z][a-z0-9-]{0,40}$/.test(text)) return text;
  throw new KvmError("invalid-input", `"${text}" can't be the name of the machine`, {
    remedy: "Give lower-case letters, digits and -, with a letter first, such as web",
  });
}

async function usualKey({ files, surroundings }: World): Promise<string | undefined> {
  const home = surroundings.variable("HOME");
  for (const kind of home === undefined ? [] : ["ed25519", "ecdsa", "rsa"]) {
    const file = path.join(home ?? "", ".ssh", `id_${kind}.pub`);
    if ((await files.stat(file)) !== undefined) return file;
  }
  return undefined;
}

/** A key as text, or the key in a file. */
async function keyOf(given: string, { files, surroundings }: World): Promise<string> {
  const isKey = /^(ssh|ecdsa|sk-)\S* /.test(given);
  const text =
    isKey || given === "" ? given : await files.readTextIfPresent(path.resolve(surroundings.directory, given));
  const key = text?.trim().split("\n")[0] ?? "";
  if (/^(ssh|ecdsa|sk-)\S* \S+/.test(key)) return key;
  throw new KvmError("invalid-input", given === "" ? "an SSH public key is missing" : `${given} is no SSH public key`, {
    remedy: "Give a line such as `ssh-ed25519 …` or its file; `ssh-keygen -t ed25519` makes a key",
  });
}

async function factsOf(host: Host) {
  const { libvirt, files } = host;
  const networks = await Promise.all(
    (await libvirt.list("network")).map(({ uuid }) => libvirt.definition("network", uuid)),
  );
  const routes = await host.run("ip", ["-4", "-o", "route"]).then(
    ({ stdout }) => stdout,
    () => "",
  );
  const hasDefaultPool = (await libvirt.find("pool", "default")) !== undefined;
  const isEmulated = !canRunKvm(await libvirt.capabilities(), (await files.readTextIfPresent("/proc/cpuinfo")) ?? "");
  return { subnet: freeSubnet([routes, ...networks.map((xml) => xml ?? "")]), hasDefaultPool, isEmulated };
}
