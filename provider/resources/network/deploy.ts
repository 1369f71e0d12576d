import { el, type Element, parse, render } from "../../format/xml";
import type { Libvirt } from "../../libvirt/client";
import { isOwn, type Mark, readMark, uuidOf, withMark, withoutMark } from "../../libvirt/mark";
import { cutOff } from "../../resource/definition";
import type { Context, Created, Properties } from "../../resource/handler";
import { letGo } from "../../resource/ownership";
import { PartiallyCreated } from "../../values/errors";
import { claimNetwork, type Claimed, requireOwn, stays } from "./claim";
import { refuseConflicts } from "./conflicts";
import { networkXml } from "./definition";
import { removeDetour } from "./detour";
import { stateAsFound, stateAsUsed, stateOf } from "./observe";
import { follow } from "./run";
import type { NetworkInputs } from "./schema";
import { isOfOthers, markBy, withoutSharer } from "./sharing";
import { refuseWithGuests } from "./stop";

export async function createNetwork(desired: NetworkInputs, context: Context): Promise<Created> {
  const host = context.host(desired.connection);
  // Of two networks that are created at the same time, the second must find the first's subnet.
  const make = () => locked(desired, context, () => defineNew(desired, context));
  const { uuid, claim } = await host.lock("networks", make, context);
  if (claim === "used") return stateAsUsed(host, uuid, desired);
  if (claim === "adopted") return stateAsFound(host, uuid, desired);
  await finish(uuid, desired, context);
  return stateOf(host, uuid, desired);
}

export async function updateNetwork(
  uuid: string,
  previous: NetworkInputs,
  desired: NetworkInputs,
  context: Context,
): Promise<Properties> {
  const host = context.host(desired.connection);
  const { libvirt } = host;
  const xml = desired.shared ? await libvirt.definition("network", uuid) : undefined;
  if (xml !== undefined && isOfOthers(parse(xml), desired, context))
    return (await stateAsUsed(host, uuid, desired)).outputs;
  await locked(desired, context, async () => {
    const actual = await requireOwn(libvirt, uuid, desired.name, context);
    if (!desired.running && (await libvirt.isActive("network", uuid))) await refuseWithGuests(libvirt, desired.name);
    await define(libvirt, { desired, actual, previous }, context);
    await follow(uuid, desired, context);
  });
  return (await stateOf(host, uuid, desired)).outputs;
}

export function deleteNetwork(uuid: string, inputs: NetworkInputs, context: Context): Promise<void> {
  const { libvirt } = context.host(inputs.connection);
  return locked(inputs, context, async () => {
    const xml = await libvirt.definition("network", uuid);
    if (xml !== undefined) return remove(libvirt, { uuid, root: parse(xml) }, inputs, context);
    await removeDetour(libvirt, uuid);
  });
}

async function remove(
  libvirt: Libvirt,
  { uuid, root }: Pick<Claimed, "uuid" | "root">,
  inputs: NetworkInputs,
  context: Context,
): Promise<void> {
  const { name, deleteAdopted } = inputs;
  if (isOfOthers(root, inputs, context)) return;
  // A network that another resource has adopted since is not deleted.
  if (!isOwn(root, context.identity)) {
    letGo(`network "${name}"`, readMark(root), context);
    return;
  }
  const left = withoutSharer(root, context.identity);
  if (left !== undefined) return libvirt.define("network", render(left));
  if (stays(root, deleteAdopted)) return libvirt.define("network", render(withoutMark(root)));
  await refuseWithGuests(libvirt, name);
  await libvirt.stop("network", uuid);
  await libvirt.undefine("network", uuid);
  await removeDetour(libvirt, uuid);
}

/** Machines reserve addresses in the network at the same time. */
function locked<T>(inputs: NetworkInputs, context: Context, work: () => Promise<T>): Promise<T> {
  return context.host(inputs.connection).lock(`network ${inputs.name}`, work, context);
}

/**
 * Defines the network, or continues with the definition of an interrupted create. An adopted one only gets the mark.
 */
async function defineNew(desired: NetworkInputs, context: Context): Promise<Pick<Claimed, "uuid" | "claim">> {
  const host = context.host(desired.connection);
  const found = await claimNetwork(desired, context);
  if (found?.claim === "used") return found;
  if (found?.claim === "adopted") {
    const sharers = readMark(found.root)?.sharers ?? (desired.shared ? [] : undefined);
    await host.libvirt.define("network", render(withMark(found.root, { ...markOf(context), adopted: true, sharers })));
    return found;
  }
  if (found?.claim === "joined") {
    await host.libvirt.define("network", render(withMark(found.root, markBy(found.root, desired, context))));
    return found;
  }
  await refuseConflicts(host, desired, found);
  const uuid = found?.uuid ?? uuidOf("network", context.identity);
  await define(host.libvirt, { desired, actual: found?.root ?? newNetwork(uuid) }, context);
  return { uuid, claim: "own" };
}

interface Change {
  readonly desired: NetworkInputs;
  readonly actual: Element;
  readonly previous?: NetworkInputs;
}

function newNetwork(uuid: string): Element {
  return el("network", {}, el("uuid", {}, uuid));
}

function define(libvirt: Libvirt, { desired, actual, previous }: Change, context: Context): Promise<void> {
  const definition = networkXml(desired, actual, previous);
  return libvirt.define("network", render(withMark(definition, markBy(actual, desired, context))));
}

function markOf({ urn, identity }: Context): Mark {
  return { owner: urn, identity, phase: "ready" };
}

/** After the definition, a failure leaves the network in the state, to be continued or deleted. */
async function finish(uuid: string, inputs: NetworkInputs, context: Context): Promise<void> {
  try {
    await locked(inputs, context, () => follow(uuid, inputs, context));
  } catch (error) {
    const { outputs } = await stateOf(context.host(inputs.connection), uuid, inputs);
    throw new PartiallyCreated(uuid, cutOff(outputs), error);
  }
}
