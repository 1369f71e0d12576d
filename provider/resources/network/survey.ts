import { NotFound } from "../../errors";
import { attributeOf, type Element, parse } from "../../format/xml";
import type { Libvirt } from "../../libvirt/client";
import { guestNics, namesOf } from "./guests";
import { type NetworkNow, waitingFields } from "./plan";
import { hasOwnBridge } from "./modes";
import { modeOf } from "./read";
import type { NetworkInputs, NetworkOutputs } from "./schema";

/** The network as it is found, with the machines that a restart would hit. */
export async function surveyNetwork(libvirt: Libvirt, uuid: string, name: string): Promise<NetworkNow> {
  const [definition, live, autostart, nics] = await Promise.all([
    libvirt.definition("network", uuid),
    liveNetwork(libvirt, uuid),
    libvirt.hasAutostart("network", uuid),
    guestNics(libvirt, name),
  ]);
  if (definition === undefined) throw goneNetwork(name);
  return { definition: parse(definition), live, autostart, guests: namesOf(nics) };
}

/** Undefined while it is inactive. */
async function liveNetwork(libvirt: Libvirt, uuid: string): Promise<Element | undefined> {
  const [isActive, xml] = await Promise.all([
    libvirt.isActive("network", uuid),
    libvirt.liveDefinition("network", uuid),
  ]);
  return isActive && xml !== undefined ? parse(xml) : undefined;
}

export async function networkOutputs(
  libvirt: Libvirt,
  uuid: string,
  inputs: NetworkInputs,
  definition: Element,
): Promise<NetworkOutputs> {
  const live = await liveNetwork(libvirt, uuid);
  const hasBridge = hasOwnBridge(modeOf(definition)) || inputs.bridge !== undefined;
  return {
    uuid,
    bridgeName: hasBridge ? (attributeOf(definition, "bridge", "name") ?? "") : "",
    waitingForRestart: live === undefined ? [] : waitingFields(inputs, live, definition),
  };
}

export function goneNetwork(name: string): NotFound {
  return new NotFound(`network "${name}" is gone`, { remedy: "Run `pulumi refresh`, then `pulumi up`" });
}
