import { type Element, parse } from "../format/xml";
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
