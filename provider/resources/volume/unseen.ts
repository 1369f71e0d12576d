import path from "node:path";
import type { Host } from "../../resource/host";
import { NotFound } from "../../values/errors";
import { idOf, requireActive } from "./observe";
import type { VolumeInputs } from "./schema";

/**
 * Whether a volume that libvirt does not list no longer exists. That is unknown if the pool is inactive, or if another
 * directory is in the place of the original one, as if a file system were not mounted. Another pool may have the name
 * now, so the image itself must be missing.
 */
export async function isGone(host: Host, inputs: VolumeInputs, image: string | undefined): Promise<boolean> {
  const pool = await host.libvirt.find("pool", inputs.pool);
  if (pool?.isActive !== true) return false;
  if (image === undefined) return true;
  const recorded = (await host.ledger.entry("volume", idOf(inputs)))?.folder;
  const isSameDirectory = recorded === undefined || recorded === (await host.files.fingerprint(path.dirname(image)));
  return isSameDirectory && (await host.files.stat(image)) === undefined;
}

/** Why the state of a volume that libvirt does not list is unknown. */
export async function whyUnseen(host: Host, { pool }: VolumeInputs, image: string | undefined): Promise<string> {
  const entry = await host.libvirt.find("pool", pool);
  if (entry === undefined) return `the host has no storage pool "${pool}"`;
  if (!entry.isActive) return `storage pool "${pool}" is not active; start it by \`virsh pool-start ${pool}\``;
  const isThere = image !== undefined && (await host.files.stat(image)) !== undefined;
  return isThere
    ? `${image} exists, but storage pool "${pool}" does not list it or has another directory now`
    : `the directory of storage pool "${pool}" is another one than before, as if its file system were not mounted`;
}

/** @throws KvmError if it may still exist, although libvirt does not list it */
export async function requireAbsent(host: Host, inputs: VolumeInputs, image: string | undefined): Promise<void> {
  if (await isGone(host, inputs, image)) return;
  const pool = await host.libvirt.find("pool", inputs.pool);
  if (pool?.isActive === false) await requireActive(host, inputs.pool);
  if (image === undefined || (pool === undefined && (await host.files.stat(image)) === undefined)) return;
  throw new NotFound(
    `volume "${idOf(inputs)}" can't be found, but may still exist: ${await whyUnseen(host, inputs, image)}`,
    {
      remedy: `Restore that. Or run \`pulumi state delete URN\`, which leaves the image where it is`,
    },
  );
}
