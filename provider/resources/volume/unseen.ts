import path from "node:path";
import type { Host } from "../../resource/host";
import { NotFound } from "../../values/errors";
import { idOf, requireActive } from "./observe";
import type { VolumeInputs } from "./schema";

/**
 * Whether a volume that libvirt does not list is gone. In a pool that is not active nothing can be known, nor where another
 * directory lies in the place of the one that it was made in, as when a file system is not mounted. Its pool's name may be
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

/** @throws KvmError while it may be there, and merely can't be seen */
export async function requireGone(host: Host, inputs: VolumeInputs, image: string | undefined): Promise<void> {
  if (await isGone(host, inputs, image)) return;
  const pool = await host.libvirt.find("pool", inputs.pool);
  if (pool?.isActive === false) await requireActive(host, inputs.pool);
  if (image === undefined || (pool === undefined && (await host.files.stat(image)) === undefined)) return;
  throw new NotFound(
    `volume "${idOf(inputs)}" can't be seen, but may be there: ${await whyUnseen(host, inputs, image)}`,
    {
      remedy: `Bring that back; or, to leave the image where it is, run \`pulumi state delete URN\``,
    },
  );
}
