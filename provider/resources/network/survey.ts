import { attributeOf, type Element, parse, textOf } from "../../format/xml";
import type { Libvirt } from "../../libvirt/client";
import type { Host } from "../../resource/host";
import { NotFound } from "../../values/errors";
import { hasDetour } from "./detour";
import { guestNics, namesOf, unpluggedOf } from "./guests";
import { hasOwnBridge } from "./modes";
import { leftToDo, type NetworkNow, waitingFields } from "./plan";
import { modeOf } from "./read";
import type { NetworkInputs, NetworkOutputs } from "./schema";

/** The network as it is found, with the machines that a restart would hit; undefined when it is gone. */
export async function findNetwork(host: Host, uuid: string): Promise<NetworkNow | undefined> {
  const { libvirt } = host;
  const [xml, live, autostart, leavesDetour] = await Promise.all([
    libvirt.definition("network", uuid),
    liveNetwork(libvirt, uuid),
    libvirt.hasAutostart("network", uuid),
    hasDetour(libvirt, uuid),
  ]);
  if (xml === undefined) return undefined;
  const definition = parse(xml);
  const [nics, unplugged] = await Promise.all([
    guestNics(libvirt, textOf(definition, "name") ?? ""),
    live === undefined ? [] : unpluggedOf(host, uuid, live).then(({ movable }) => movable),
  ]);
  return { definition, live, autostart, guests: namesOf(nics), unplugged: namesOf(unplugged), leavesDetour };
}

export async function surveyNetwork(host: Host, uuid: string, name: string): Promise<NetworkNow> {
  const now = await findNetwork(host, uuid);
  if (now === undefined) throw goneNetwork(name);
  return now;
}

/** Undefined while it is inactive. */
async function liveNetwork(libvirt: Libvirt, uuid: string): Promise<Element | undefined> {
  const [isActive, xml] = await Promise.all([
    libvirt.isActive("network", uuid),
    libvirt.liveDefinition("network", uuid),
  ]);
  return isActive && xml !== undefined ? parse(xml) : undefined;
}

export function outputsOf(uuid: string, inputs: NetworkInputs, now: NetworkNow): NetworkOutputs {
  const { live, definition } = now;
  const hasBridge = hasOwnBridge(modeOf(definition)) || inputs.bridge !== undefined;
  return {
    uuid,
    bridgeName: hasBridge ? (attributeOf(definition, "bridge", "name") ?? "") : "",
    waitingForRestart: live === undefined ? [] : waitingFields(inputs, live, definition),
    notInForce: leftToDo(inputs, now),
  };
}

export function goneNetwork(name: string): NotFound {
  return new NotFound(`network "${name}" is gone`, { remedy: "Run `pulumi refresh`, then `pulumi up`" });
}
