import type { Entry } from "../../libvirt/client";
import type { Found } from "../../libvirt/images";
import { missingVolume, volumeNamed } from "../../libvirt/look-up";
import { opensVolume, runningThat, type VolumePlace } from "../../libvirt/users";
import type { Host } from "../../resource/host";
import { NotFound } from "../../values/errors";
import { type BackingImage, pathOf } from "./places";
import type { VolumeInputs } from "./schema";

export type { Found };

export function idOf({ pool, name }: Pick<VolumeInputs, "pool" | "name">): string {
  return `${pool}/${name}`;
}

/** Undefined if the pool is missing or inactive, because then nothing is known. */
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
          "Choose one of those. Name the pool of a StoragePool resource by its output (pool: tank.name), so that it is created first",
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

/** The base of the volume, if it exists. */
export async function findBacking(host: Host, inputs: VolumeInputs): Promise<BackingImage | undefined> {
  const { volume } = inputs.backing ?? {};
  return backingIn(inputs, volume === undefined ? undefined : await findVolume(host, volume));
}

/** @param base the volume that the inputs name, if it exists */
export function backingIn({ backing }: VolumeInputs, base: Found | undefined): BackingImage | undefined {
  const path = backing?.path ?? base?.place.path;
  return backing === undefined || path === undefined ? undefined : { path, format: backing.format };
}

/** The running machines that have it as a disk. */
export async function openersOf({ libvirt }: Host, place: VolumePlace): Promise<readonly Entry[]> {
  return runningThat(libvirt, opensVolume(place));
}
