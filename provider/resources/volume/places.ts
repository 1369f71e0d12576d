import type { Found } from "../../libvirt/images";
import { missingVolume, volumeNamed } from "../../libvirt/look-up";
import type { Host } from "../../resource/host";
import { NotFound } from "../../values/errors";
import { pathOf } from "./read";
import type { VolumeInputs } from "./schema";
import type { BackingImage } from "./xml";

export type { Found };

export function idOf({ pool, name }: Pick<VolumeInputs, "pool" | "name">): string {
  return `${pool}/${name}`;
}

/** Held by whoever makes, changes or removes it. */
export function lockOf(inputs: Pick<VolumeInputs, "pool" | "name">): string {
  return `volume ${idOf(inputs)}`;
}

/** Of a pool that isn't there, or not active, nothing can be told: undefined. */
export async function findVolume({ libvirt }: Host, id: string): Promise<Found | undefined> {
  const volume = await volumeNamed(libvirt, id);
  const [pool = "", name = ""] = id.split("/");
  return volume && { volume, place: { path: pathOf(volume), pool, name } };
}

export async function requireVolume(host: Host, id: string, property: string): Promise<Found> {
  const found = await findVolume(host, id);
  if (found !== undefined) return found;
  throw missingVolume(id, property);
}

export async function requireActive({ libvirt }: Host, name: string): Promise<void> {
  const pool = await libvirt.find("pool", name);
  if (pool === undefined) {
    const names = (await libvirt.list("pool")).map((entry) => entry.name);
    throw new NotFound(
      `the host has no storage pool "${name}"; it has ${names.length === 0 ? "none" : names.join(", ")}`,
      {
        property: "pool",
        remedy:
          "Name one of those; one that a StoragePool makes by that one's output (pool: tank.name), so that it is made first",
      },
    );
  }
  if (!pool.isActive) {
    throw new NotFound(`storage pool "${name}" is not active`, {
      property: "pool",
      remedy: `Start it: virsh pool-start ${name}`,
    });
  }
}

/** Where the image lies that the volume is based on. */
export async function findBacking(host: Host, { backing }: VolumeInputs): Promise<BackingImage | undefined> {
  if (backing === undefined) return undefined;
  const path = backing.path ?? (await findVolume(host, backing.volume ?? ""))?.place.path;
  return path === undefined ? undefined : { path, format: backing.format };
}
