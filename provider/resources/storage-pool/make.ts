import { render } from "../../format/xml";
import type { LedgerNote } from "../../host/ledger";
import type { Libvirt } from "../../libvirt/client";
import { uuidOf } from "../../libvirt/mark";
import type { Context } from "../../resource/handler";
import type { Host } from "../../resource/host";
import type { Present } from "./ownership";
import { planCreate, type StoragePoolStep } from "./plan";
import { hasFolder, typeOf } from "./rules";
import type { StoragePoolInputs } from "./schema";
import { storagePoolXml } from "./xml";

/**
 * Makes a pool, or goes on with one that was cut off; one that doesn't start is not left behind.
 * @returns its UUID
 */
export async function makePool(
  host: Host,
  inputs: StoragePoolInputs,
  present: Present | undefined,
  { urn, identity }: Pick<Context, "urn" | "identity">,
): Promise<{ uuid: string; madeFolder: boolean }> {
  const folderExists = inputs.path !== undefined && (await host.files.stat(inputs.path)) !== undefined;
  const note = await noteOf(host, inputs, folderExists, identity);
  const uuid = present?.uuid ?? uuidOf("pool", identity);
  await host.ledger.claim("pool", inputs.name, { owner: urn, identity, thing: uuid, note });
  try {
    if (present === undefined) await host.libvirt.define("pool", render(storagePoolXml(inputs, uuid)));
    for (const step of planCreate(inputs, folderExists)) await runStep(host.libvirt, uuid, step);
    return { uuid, madeFolder: note === "made-folder" };
  } catch (failure) {
    // What can't be undone now is ours by the ledger, and the next `up` goes on with it.
    if (present === undefined) await undo(host, inputs, uuid, note).catch(() => undefined);
    throw failure;
  }
}

/** A create that was cut off behind the making of the folder still knows that it made it. */
async function noteOf(
  { ledger }: Host,
  inputs: StoragePoolInputs,
  folderExists: boolean,
  identity: string,
): Promise<LedgerNote | undefined> {
  const entry = await ledger.entry("pool", inputs.name);
  const hasMade = entry?.identity === identity && entry.note === "made-folder";
  return hasMade || (hasFolder(typeOf(inputs)) && !folderExists) ? "made-folder" : undefined;
}

/** Only what was made by us has that UUID; what has the name otherwise is another program's. */
async function undo(
  { libvirt, ledger, files }: Host,
  { name, path }: StoragePoolInputs,
  uuid: string,
  note: LedgerNote | undefined,
): Promise<void> {
  if (await libvirt.exists("pool", uuid)) {
    await libvirt.stop("pool", uuid);
    await libvirt.undefine("pool", uuid);
  }
  if (note === "made-folder" && path !== undefined) await files.removeEmptyFolder(path);
  await ledger.release("pool", name);
}

export async function runStep(libvirt: Libvirt, uuid: string, step: StoragePoolStep): Promise<void> {
  if (step.kind === "build") return libvirt.buildPool(uuid);
  if (step.kind === "start" || step.kind === "stop") return libvirt[step.kind]("pool", uuid);
  return libvirt.setAutostart("pool", uuid, step.on);
}
