import { parse, textOf } from "../../format/xml";
import { runningThat, usesFilesBelow } from "../../libvirt/users";
import type { Host } from "../../resource/host";
import { KvmError } from "../../values/errors";
import type { StoragePoolInputs } from "./schema";

/** @param madeStorage whether all that is in it was put there since we made it */
export async function requireUnused(host: Host, uuid: string, inputs: StoragePoolInputs, madeStorage: boolean) {
  const { libvirt } = host;
  const { name } = inputs;
  // What is in one that is off, only the ledger tells.
  const tellsAll = madeStorage && (await libvirt.isActive("pool", uuid));
  const held = tellsAll ? await libvirt.volumes(name) : await ownVolumesIn(host, name);
  const what = `storage pool "${inputs.name}"`;
  if (held.length > 0) {
    throw new KvmError("conflict", `${what} still holds volumes: ${held.join(", ")}`, {
      remedy: "Move or delete them first",
    });
  }
  const guests = await runningGuests(host, uuid);
  if (guests.length === 0) return;
  throw new KvmError("conflict", `${what} holds disks of machines that run: ${guests.join(", ")}`, {
    remedy: "Stop those machines first",
  });
}

/** What was there before the pool is no hindrance: it stays where it is. */
async function ownVolumesIn({ ledger }: Host, pool: string): Promise<readonly string[]> {
  const prefix = `${pool}/`;
  const volumes = await ledger.names("volume");
  return volumes.filter((id) => id.startsWith(prefix)).map((id) => id.slice(prefix.length));
}

async function runningGuests({ libvirt }: Host, uuid: string): Promise<string[]> {
  const xml = await libvirt.definition("pool", uuid);
  const folder = xml === undefined ? undefined : textOf(parse(xml), "target/path");
  const uses = folder === undefined ? [] : await runningThat(libvirt, usesFilesBelow(folder));
  return uses.map(({ name }) => name);
}
