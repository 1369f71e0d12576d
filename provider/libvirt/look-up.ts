import { type Element, parse } from "../format/xml";
import { NotFound } from "../values/errors";
import type { Kind, Libvirt } from "./client";

/** The object of that name, with its persistent definition. */
export async function definitionNamed(
  libvirt: Libvirt,
  kind: Kind,
  name: string,
): Promise<{ readonly uuid: string; readonly root: Element } | undefined> {
  const entry = await libvirt.find(kind, name);
  const xml = entry && (await libvirt.definition(kind, entry.uuid));
  return entry === undefined || xml === undefined ? undefined : { uuid: entry.uuid, root: parse(xml) };
}

/** @param id `POOL/VOLUME`; of a pool that isn't there, or not active, nothing can be told: undefined */
export async function volumeNamed(libvirt: Libvirt, id: string): Promise<Element | undefined> {
  const [pool = "", name = ""] = id.split("/");
  const xml = await libvirt.volume(pool, name);
  return xml === undefined ? undefined : parse(xml);
}

/** @param property where the id stands, for the error */
export function missingVolume(id: string, property: string): NotFound {
  return new NotFound(`the host has no volume "${id}" in a pool that is active`, {
    property,
    remedy:
      "Give the id of a Volume, which is made first (volume: root.id), or POOL/VOLUME of one that is there (virsh vol-list POOL)",
  });
}
