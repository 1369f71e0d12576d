import { type Element, parse } from "../../../format/xml";
import type { Host } from "../../../resource/host";
import { NotFound } from "../../../values/errors";
import type { MachineInputs } from "../schema/machine";

export function isGone({ name }: Pick<MachineInputs, "name">): NotFound {
  return new NotFound(`machine "${name}" no longer exists`, { remedy: "Run `pulumi refresh`, then `pulumi up`" });
}

/** Undefined if the machine no longer exists. */
export async function persistentDefinition({ libvirt }: Host, uuid: string): Promise<Element | undefined> {
  const xml = await libvirt.definition("domain", uuid);
  return xml === undefined ? undefined : parse(xml);
}

/** The definition in force; undefined if the machine is off. */
export async function runningDefinition({ libvirt }: Host, uuid: string): Promise<Element | undefined> {
  const xml = await libvirt.liveDefinition("domain", uuid);
  const root = xml === undefined ? undefined : parse(xml);
  // Only a running domain has an id.
  return root?.attributes["id"] === undefined ? undefined : root;
}
