import { type Element, find, render, textOf } from "../../format/xml";
import { isOwn, readMark, withoutMark } from "../../libvirt/mark";
import type { Context } from "../../resource/handler";
import type { Host } from "../../resource/host";
import type { State } from "../../resource/outputs";
import { letGo } from "../../resource/ownership";
import { logOf } from "./definition/consoles";
import { macsOf } from "./definition/macs";
import { consoleLogOf, installerLogOf, pictureOf, removeLog } from "./files/logs";
import { hasVariables, othersWithVariables, variablesIn, variablesOf } from "./files/variables";
import { runsInstaller } from "./guest/installing";
import { askToPowerOff } from "./guest/power";
import { mayBeReserved } from "./guest/reservation";
import { release, releaseOwn } from "./guest/reservations";
import { prepareReplacement } from "./inspect";
import { persistentDefinition } from "./live/definitions";
import type { MachineInputs, MachineOutputs } from "./schema/machine";

/** Deletes the machine and the files created for it, but no disks and no files of other owners. */
export async function remove(
  uuid: string,
  inputs: MachineInputs,
  state: State<MachineOutputs>,
  context: Context,
): Promise<void> {
  const host = context.host(inputs.connection);
  const root = await persistentDefinition(host, uuid);
  if (root !== undefined && !isOwn(root, context.identity)) {
    letGo(`machine "${inputs.name}"`, readMark(root), context);
    return;
  }
  if (context.replacedBy !== undefined) await prepareReplacement(context.replacedBy, uuid, context);
  const macs = state.macAddresses ?? macsOf(inputs, context.identity);
  const reservations = mayBeReserved(inputs, macs);
  if (root !== undefined && readMark(root)?.adopted === true && !inputs.deleteAdopted) {
    for (const reservation of reservations) await releaseOwn(host, reservation, context);
    return host.libvirt.define("domain", render(withoutMark(root)));
  }
  if (root !== undefined) await turnOff(host, uuid, root, inputs, context);
  for (const reservation of reservations) await release(host, reservation);
  for (const log of await logsOf(host, inputs, root)) await removeLog(host.files, log);
  await host.files.removeEmptyDirectory(host.directories.consoles);
  // The definition is deleted last, because it identifies everything else.
  if (root !== undefined) await undefine(host, uuid, root);
}

async function turnOff(
  host: Host,
  uuid: string,
  root: Element,
  inputs: MachineInputs,
  context: Context,
): Promise<void> {
  // An installer would not answer, and its incomplete work has no value.
  const isInstalling = readMark(root)?.phase === "installing" && (await runsInstaller(host, uuid));
  if (!isInstalling) await askToPowerOff({ host, context, desired: inputs, actual: { uuid } });
  await host.libvirt.stop("domain", uuid);
}

async function undefine(host: Host, uuid: string, root: Element): Promise<void> {
  const current = (await persistentDefinition(host, uuid)) ?? root;
  const file = variablesIn(current) ?? variablesOf({ name: textOf(current, "name") ?? "" });
  const others = hasVariables(current) ? await othersWithVariables(host, file, uuid) : [];
  await host.libvirt.undefine("domain", uuid, { keepNvram: !isOwnNvram(current) || others.length > 0 });
}

/**
 * Whether the firmware's variables are in libvirt's place for a machine's own copy. Another file may be the
 * distribution's, which all machines need.
 */
export function isOwnNvram(domain: Element): boolean {
  const path = variablesIn(domain);
  return path === undefined || /\/qemu\/nvram\/[^/]+$/.test(path);
}

/**
 * In kvm-deploy's own directory the logs of its definition and of its name; elsewhere only those in the mark. The files
 * of a machine that no longer exists may belong to another one with its name.
 */
async function logsOf(host: Host, inputs: MachineInputs, root: Element | undefined): Promise<string[]> {
  const name = textOf(root, "name") ?? inputs.name;
  if (root === undefined && (await host.libvirt.find("domain", name)) !== undefined) return [];
  const log = logOf(find(root, "devices"));
  const named = log?.startsWith(`${host.directories.consoles}/`) === true ? [log] : [];
  const made = root === undefined ? [] : (readMark(root)?.files ?? []);
  const own = [consoleLogOf, installerLogOf, pictureOf].map((fileOf) => fileOf(host, { name }));
  return [...new Set([...named, ...own, ...made])];
}
