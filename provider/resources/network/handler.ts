import { el, type Element, parse, render } from "../../format/xml";
import type { Libvirt } from "../../libvirt/client";
import { definitionNamed } from "../../libvirt/look-up";
import { isOwn, type Mark, readMark, uuidOf, withMark, withoutMark } from "../../libvirt/mark";
import { runningThat, usesNetwork } from "../../libvirt/users";
import { cutOff, handlerOf, isCutOff } from "../../resource/definition";
import type { Context, Created, Failure, Replaced } from "../../resource/handler";
import type { Host } from "../../resource/host";
import { claimRoot, letGo, notOursAnyMore } from "../../resource/ownership";
import { KvmError, PartiallyCreated } from "../../values/errors";
import { refuseConflicts } from "./conflicts";
import { removeDetour } from "./detour";
import { networkEffects, outstandingOf } from "./effects";
import { follow } from "./follow";
import type { NetworkNow } from "./plan";
import { networkPolicies } from "./policy";
import { readNetwork } from "./read";
import { type NetworkInputs, networkInputs, type NetworkOutputs, networkOutputs } from "./schema";
import { findNetwork, goneNetwork, outputsOf, surveyNetwork } from "./survey";
import { networkXml } from "./xml";

export const network = handlerOf<NetworkInputs, NetworkOutputs>({
  schema: networkInputs,
  outputs: networkOutputs,
  policies: networkPolicies,
  inspectedFields: ["ipv4", "ipv6", "bridge", "mode", "running"],

  outstanding: outstandingOf,
  effects: (changed, context) => networkEffects(changed, context.host(String(changed.state["connection"])).libvirt),

  refuse: async (olds, news, context) =>
    (await news.whenKnown((known) => (olds.running && !known.running ? refuseToStop(known, context) : []))) ?? [],

  inspect: (inputs, context) => inputs.whenKnown((known) => inspect(known, context)),

  async create(inputs, context) {
    const host = context.host(inputs.connection);
    // Of two networks that are made at once, the second must see the first's subnet.
    const make = () => locked(inputs, context, () => defineNew(inputs, context));
    const present = await host.lock("networks", make, context);
    const { uuid } = present;
    if (present.claim === "own") {
      await finish(uuid, inputs, context);
      return stateOf(host, uuid, inputs);
    }
    const now = await surveyNetwork(host, uuid, inputs.name);
    return stateWith(uuid, seenIn(now, inputs), now);
  },

  async read(uuid, inputs, state, context) {
    const now = await findNetwork(context.host(inputs.connection), uuid);
    if (now === undefined) return undefined;
    if (!isOwn(now.definition, context.identity)) {
      letGo(`network "${inputs.name}"`, readMark(now.definition), context);
      return undefined;
    }
    const seen = seenIn(now, inputs);
    if (!isCutOff(state)) return { ...stateWith(uuid, seen, now), inputs: { ...seen } };
    // What isn't complete need not run yet.
    const expected = { ...seen, running: inputs.running };
    const { id, outputs } = stateWith(uuid, expected, now);
    return { id, outputs: cutOff(outputs), inputs: { ...expected } };
  },

  async update(uuid, olds, news, _state, context) {
    const host = context.host(news.connection);
    const { libvirt } = host;
    await locked(news, context, async () => {
      const xml = await libvirt.definition("network", uuid);
      if (xml === undefined) throw goneNetwork(news.name);
      const present = parse(xml);
      if (!isOwn(present, context.identity)) throw notOursAnyMore(`network "${news.name}"`, readMark(present));
      if (!news.running && (await libvirt.isActive("network", uuid))) await refuseWithGuests(libvirt, news.name);
      await define(libvirt, news, context, present, olds);
      await follow(uuid, news, context);
    });
    return (await stateOf(host, uuid, news)).outputs;
  },

  async delete(uuid, inputs, _state, context) {
    const host = context.host(inputs.connection);
    await locked(inputs, context, () => remove(host, uuid, inputs, context));
  },
});

/** What was taken over. */
function stays(root: Element, deleteAdopted: unknown): boolean {
  return readMark(root)?.adopted === true && deleteAdopted !== true;
}

/** Of what is to be replaced: the engine deletes it before any machine is changed that is plugged in. */
async function requireRemovable({ inputs, identity }: Replaced, context: Context): Promise<void> {
  const { connection, name, deleteAdopted } = inputs;
  const { libvirt } = context.host(String(connection));
  const old = await definitionNamed(libvirt, "network", String(name));
  if (old === undefined || !isOwn(old.root, identity) || stays(old.root, deleteAdopted)) return;
  await refuseWithGuests(libvirt, String(name));
}

async function inspect(inputs: NetworkInputs, context: Context): Promise<void> {
  const present = await findOwn(inputs, context);
  if (context.replaced !== undefined) await requireRemovable(context.replaced, context);
  const { name } = context.replaced?.inputs ?? {};
  await refuseConflicts(context.host(inputs.connection), inputs, present, typeof name === "string" ? name : undefined);
}

async function remove(
  host: Host,
  uuid: string,
  { name, deleteAdopted }: NetworkInputs,
  context: Context,
): Promise<void> {
  const { libvirt } = host;
  const xml = await libvirt.definition("network", uuid);
  if (xml !== undefined) {
    const root = parse(xml);
    // What another resource has taken over since is that one's to delete.
    if (!isOwn(root, context.identity)) {
      letGo(`network "${name}"`, readMark(root), context);
      return;
    }
    if (stays(root, deleteAdopted)) return libvirt.define("network", render(withoutMark(root)));
    await refuseWithGuests(libvirt, name);
    await libvirt.stop("network", uuid);
    await libvirt.undefine("network", uuid);
  }
  await removeDetour(libvirt, uuid);
}

/** From its definition on, a failure leaves the network in the state, to be continued or deleted. */
async function finish(uuid: string, inputs: NetworkInputs, context: Context): Promise<void> {
  try {
    await locked(inputs, context, () => follow(uuid, inputs, context));
  } catch (error) {
    const { outputs } = await stateOf(context.host(inputs.connection), uuid, inputs);
    throw new PartiallyCreated(uuid, cutOff(outputs), error);
  }
}

/** Machines reserve addresses in it at the same time. */
function locked<T>(inputs: NetworkInputs, context: Context, work: () => Promise<T>): Promise<T> {
  return context.host(inputs.connection).lock(`network ${inputs.name}`, work, context);
}

interface Found {
  readonly uuid: string;
  readonly root: Element;
  readonly isActive: boolean;
  readonly claim: "own" | "adopted";
}

/** The network of that name, when it is ours or becomes so. */
async function findOwn(inputs: NetworkInputs, context: Context): Promise<Found | undefined> {
  const { libvirt } = context.host(inputs.connection);
  const present = await definitionNamed(libvirt, "network", inputs.name);
  const claimant = { ...context, adopt: inputs.adopt };
  if (present === undefined) return undefined;
  const isActive = await libvirt.isActive("network", present.uuid);
  return { ...present, isActive, claim: claimRoot(present.root, `a network named "${inputs.name}"`, claimant) };
}

/** Defines it, or goes on with what a create that was cut off has defined; one that is adopted only gets the mark. */
async function defineNew(inputs: NetworkInputs, context: Context): Promise<Pick<Found, "uuid" | "claim">> {
  const host = context.host(inputs.connection);
  const present = await findOwn(inputs, context);
  if (present?.claim === "adopted") {
    await host.libvirt.define("network", render(withMark(present.root, { ...markOf(context), adopted: true })));
    return present;
  }
  await refuseConflicts(host, inputs, present);
  await define(host.libvirt, inputs, context, present?.root);
  return { uuid: present?.uuid ?? uuidOf("network", context.identity), claim: "own" };
}

/** @param present its definition, of which a redefinition keeps what guests depend on */
function define(
  libvirt: Libvirt,
  inputs: NetworkInputs,
  context: Context,
  present?: Element,
  olds?: NetworkInputs,
): Promise<void> {
  const uuid = el("uuid", {}, uuidOf("network", context.identity));
  const definition = networkXml(inputs, present ?? el("network", {}, uuid), olds);
  const adopted = present !== undefined && readMark(present)?.adopted === true;
  return libvirt.define("network", render(withMark(definition, { ...markOf(context), adopted })));
}

function markOf({ urn, identity }: Context): Mark {
  return { owner: urn, identity, phase: "ready" };
}

function seenIn({ definition, live, autostart }: NetworkNow, inputs: NetworkInputs): NetworkInputs {
  return readNetwork(definition, inputs, { autostart, running: live !== undefined });
}

async function stateOf(host: Host, uuid: string, inputs: NetworkInputs): Promise<Created> {
  return stateWith(uuid, inputs, await surveyNetwork(host, uuid, inputs.name));
}

function stateWith(uuid: string, inputs: NetworkInputs, now: NetworkNow): Created {
  return { id: uuid, outputs: { ...inputs, ...outputsOf(uuid, inputs, now) } };
}

/** What is stopped already needs no look. */
async function refuseToStop({ connection, name }: NetworkInputs, context: Context): Promise<readonly Failure[]> {
  const { libvirt } = context.host(connection);
  if ((await libvirt.find("network", name))?.isActive !== true) return [];
  try {
    await refuseWithGuests(libvirt, name);
    return [];
  } catch (error) {
    if (!(error instanceof KvmError)) throw error;
    return [{ property: "running", reason: error.reason }];
  }
}

/** libvirt stops a network under running guests without a word, and leaves them unplugged when it starts again. */
async function refuseWithGuests(libvirt: Libvirt, name: string): Promise<void> {
  const guests = await runningThat(libvirt, usesNetwork(name));
  if (guests.length === 0) return;
  throw new KvmError(
    "conflict",
    `network "${name}" must stop for this, and running machines are plugged in: ${guests.map((guest) => guest.name).join(", ")}`,
    {
      remedy:
        "Shut them down, then run this again; machines of the same program go first if they name it by its output (network: lab.name)",
    },
  );
}
