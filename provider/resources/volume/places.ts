import { KvmError, NotFound } from "../../errors";
import { type Element, parse } from "../../format/xml";
import type { Host } from "../../host/index";
import type { VolumePlace } from "../../libvirt/users";
import { pathOf } from "./read";
import type { VolumeInputs } from "./schema";
import type { BackingImage } from "./xml";

/** A volume on the host. */
export interface Found {
  readonly poolUuid: string;
  readonly volume: Element;
  readonly place: VolumePlace;
}

export function idOf({ pool, name }: Pick<VolumeInputs, "pool" | "name">): string {
  return `${pool}/${name}`;
}

/** Held by whoever makes, changes or removes it. */
export function lockOf(inputs: Pick<VolumeInputs, "pool" | "name">): string {
  return `volume ${idOf(inputs)}`;
}

export async function findIn({ libvirt }: Host, poolUuid: string, id: string): Promise<Found | undefined> {
  const [pool = "", name = ""] = id.split("/");
  const xml = await libvirt.volume(poolUuid, name);
  if (xml === undefined) return undefined;
  const volume = parse(xml);
  return { poolUuid, volume, place: { path: pathOf(volume), pool, name } };
}

/** Of a pool that isn't there, or not active, nothing can be told: undefined. */
export async function findVolume(host: Host, id: string): Promise<Found | undefined> {
  const entry = await host.libvirt.find("pool", id.slice(0, id.indexOf("/")));
  if (entry === undefined) return undefined;
  try {
    return await findIn(host, entry.uuid, id);
  } catch (failure) {
    if (await host.libvirt.isActive("pool", entry.uuid)) throw failure;
    return undefined;
  }
}

export async function requireVolume(host: Host, id: string, property: string): Promise<Found> {
  const found = await findVolume(host, id);
  if (found !== undefined) return found;
  throw new NotFound(`the host has no volume "${id}" in a pool that is active`, {
    property,
    remedy: "Give the id of a Volume, or POOL/VOLUME of one that is there (virsh vol-list POOL)",
  });
}

/** @returns its UUID */
export async function activePool({ libvirt }: Host, name: string): Promise<string> {
  const pool = await libvirt.find("pool", name);
  if (pool === undefined) {
    const names = (await libvirt.list("pool")).map((entry) => entry.name);
    throw new NotFound(
      `the host has no storage pool "${name}"; it has ${names.length === 0 ? "none" : names.join(", ")}`,
      { property: "pool", remedy: "Name one of those, or make it with a StoragePool" },
    );
  }
  if (!pool.isActive) {
    throw new NotFound(`storage pool "${name}" is not active`, {
      property: "pool",
      remedy: `Start it: virsh pool-start ${name}`,
    });
  }
  return pool.uuid;
}

/** Kinds of pools whose volumes are devices. */
const ofDevices: readonly (string | undefined)[] = ["logical", "iscsi", "rbd", "zfs", "disk", "scsi", "mpath"];

export async function requireFormat({ libvirt }: Host, { pool, format }: VolumeInputs): Promise<void> {
  const entry = format === "raw" ? undefined : await libvirt.find("pool", pool);
  const xml = entry && (await libvirt.definition("pool", entry.uuid));
  if (xml === undefined || !ofDevices.includes(parse(xml).attributes["type"])) return;
  throw new KvmError("invalid-input", `"${format}" is not for storage pool "${pool}", whose volumes are devices`, {
    property: "format",
    remedy: 'Set format to "raw"',
  });
}

/** Where the image lies that the volume is based on. */
export async function findBacking(host: Host, { backing }: VolumeInputs): Promise<BackingImage | undefined> {
  if (backing === undefined) return undefined;
  const path = backing.path ?? (await findVolume(host, backing.volume ?? ""))?.place.path;
  return path === undefined ? undefined : { path, format: backing.format };
}
