import { attributeOf, type Element, parse, textOf } from "../../format/xml";
import type { Libvirt } from "../../libvirt/client";
import { isOwn, readMark } from "../../libvirt/mark";
import { cutOff, isCutOff } from "../../resource/definition";
import type { Context, Created, Properties, Read } from "../../resource/handler";
import type { Host } from "../../resource/host";
import { letGo } from "../../resource/ownership";
import { NotFound } from "../../values/errors";
import { hasDetour } from "./detour";
import { readNetwork } from "./drift";
import { guestNics, namesOf, detachedOf } from "./guests";
import { hasOwnBridge } from "./modes";
import { modeOf } from "./places";
import { type ActualNetwork, leftToDo, waitingFields } from "./plan";
import type { NetworkInputs, NetworkOutputs } from "./schema";
import { isOfOthers } from "./sharing";

/** The actual network, with the machines that a restart would affect; undefined if it no longer exists. */
export async function findNetwork(host: Host, uuid: string): Promise<ActualNetwork | undefined> {
  const { libvirt } = host;
  const [xml, live, autostart, leavesDetour] = await Promise.all([
    libvirt.definition("network", uuid),
    liveNetwork(libvirt, uuid),
    libvirt.hasAutostart("network", uuid),
    hasDetour(libvirt, uuid),
  ]);
  if (xml === undefined) return undefined;
  const definition = parse(xml);
  const [nics, detached] = await Promise.all([
    guestNics(libvirt, textOf(definition, "name") ?? ""),
    live === undefined ? [] : detachedOf(host, uuid, live).then(({ movable }) => movable),
  ]);
  return { definition, live, autostart, guests: namesOf(nics), detached: namesOf(detached), leavesDetour };
}

/** Undefined while the network is inactive. */
async function liveNetwork(libvirt: Libvirt, uuid: string): Promise<Element | undefined> {
  const [isActive, xml] = await Promise.all([
    libvirt.isActive("network", uuid),
    libvirt.liveDefinition("network", uuid),
  ]);
  return isActive && xml !== undefined ? parse(xml) : undefined;
}

export async function observeNetwork(host: Host, uuid: string, name: string): Promise<ActualNetwork> {
  const actual = await findNetwork(host, uuid);
  if (actual === undefined) throw goneNetwork(name);
  return actual;
}

export function goneNetwork(name: string): NotFound {
  return new NotFound(`network "${name}" no longer exists`, { remedy: "Run `pulumi refresh`, then `pulumi up`" });
}

/** For a refresh: the new state. Undefined if the network no longer exists, or has another owner. */
export async function refreshed(
  uuid: string,
  inputs: NetworkInputs,
  state: Properties,
  context: Context,
): Promise<Read | undefined> {
  const actual = await findNetwork(context.host(inputs.connection), uuid);
  if (actual === undefined) return undefined;
  if (isOfOthers(actual.definition, inputs, context))
    return { ...usedState(uuid, inputs, actual), inputs: { ...inputs } };
  if (!isOwn(actual.definition, context.identity)) {
    letGo(`network "${inputs.name}"`, readMark(actual.definition), context);
    return undefined;
  }
  const found = actualInputs(actual, inputs);
  if (!isCutOff(state)) return { ...stateWith(uuid, found, actual), inputs: { ...found } };
  // An incomplete network need not run yet.
  const expected = { ...found, running: inputs.running };
  const { id, outputs } = stateWith(uuid, expected, actual);
  return { id, outputs: cutOff(outputs), inputs: { ...expected } };
}

/** The state of a network with its desired inputs. */
export async function stateOf(host: Host, uuid: string, inputs: NetworkInputs): Promise<Created> {
  return stateWith(uuid, inputs, await observeNetwork(host, uuid, inputs.name));
}

/** The state of a network that was adopted as it is. */
export async function stateAsFound(host: Host, uuid: string, inputs: NetworkInputs): Promise<Created> {
  const actual = await observeNetwork(host, uuid, inputs.name);
  return stateWith(uuid, actualInputs(actual, inputs), actual);
}

/** The state of a network of others, which is used as it is: whatever it is, nothing of it is a difference. */
export async function stateAsUsed(host: Host, uuid: string, inputs: NetworkInputs): Promise<Created> {
  return usedState(uuid, inputs, await observeNetwork(host, uuid, inputs.name));
}

function usedState(uuid: string, inputs: NetworkInputs, actual: ActualNetwork): Created {
  const computed = { ...outputsOf(uuid, inputs, actual), waitingForRestart: [], notInForce: [] };
  return { id: uuid, outputs: { ...inputs, ...computed } };
}

function actualInputs({ definition, live, autostart }: ActualNetwork, desired: NetworkInputs): NetworkInputs {
  return readNetwork(definition, desired, { autostart, running: live !== undefined });
}

function stateWith(uuid: string, inputs: NetworkInputs, actual: ActualNetwork): Created {
  return { id: uuid, outputs: { ...inputs, ...outputsOf(uuid, inputs, actual) } };
}

function outputsOf(uuid: string, inputs: NetworkInputs, actual: ActualNetwork): NetworkOutputs {
  const { live, definition } = actual;
  const hasBridge = hasOwnBridge(modeOf(definition)) || inputs.bridge !== undefined;
  return {
    uuid,
    bridgeName: hasBridge ? (attributeOf(definition, "bridge", "name") ?? "") : "",
    waitingForRestart: live === undefined ? [] : waitingFields(inputs, live, definition),
    notInForce: leftToDo(inputs, actual),
  };
}
