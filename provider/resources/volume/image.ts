import path from "node:path";
import type { LedgerEntry } from "../../host/ledger";
import { type Found, thingOf } from "../../libvirt/images";
import type { Host } from "../../resource/host";
import { idOf } from "./places";
import type { VolumeInputs } from "./schema";

/** What the ledger keeps of an image that is there. */
export async function factsOf(
  host: Host,
  found: Found,
  { format }: Pick<VolumeInputs, "format">,
): Promise<Pick<LedgerEntry, "thing" | "format" | "folder">> {
  const [thing, folder] = await Promise.all([
    thingOf(host, found),
    host.files.fingerprint(path.dirname(found.place.path)),
  ]);
  return { thing, format, folder };
}

/**
 * Whether a volume that libvirt does not list is gone. In a pool that is not active nothing can be told, nor where another
 * folder lies in the place of the one that it was made in, as when a file system is not mounted. Its pool's name may be
 * another one's by now: the image itself must be gone.
 */
export async function isGone(host: Host, inputs: VolumeInputs, image: string | undefined): Promise<boolean> {
  const pool = await host.libvirt.find("pool", inputs.pool);
  if (pool?.isActive !== true) return false;
  if (image === undefined) return true;
  const folder = (await host.ledger.entry("volume", idOf(inputs)))?.folder;
  const isSameFolder = folder === undefined || folder === (await host.files.fingerprint(path.dirname(image)));
  return isSameFolder && (await host.files.stat(image)) === undefined;
}

/** Why nothing can be told of a volume that libvirt does not list. */
export async function whyUnseen(host: Host, { pool }: VolumeInputs, image: string | undefined): Promise<string> {
  const entry = await host.libvirt.find("pool", pool);
  if (entry === undefined) return `the host has no storage pool "${pool}"`;
  if (!entry.isActive) return `storage pool "${pool}" is not active; start it by \`virsh pool-start ${pool}\``;
  const isThere = image !== undefined && (await host.files.stat(image)) !== undefined;
  return isThere
    ? `${image} is there, but not in storage pool "${pool}", which has another folder by now or leaves it out`
    : `another folder lies where storage pool "${pool}" had its volumes, as when a file system is not mounted`;
}
