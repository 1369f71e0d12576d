import { KvmError, PartiallyCreated } from "../../errors";
import { el, type Element, parse, render } from "../../format/xml";
import type { Context, Created } from "../../handler";
import type { Libvirt } from "../../libvirt/client";
import { definitionNamed } from "../../libvirt/look-up";
import { claimRoot, isOwn, type Mark, readMark, uuidOf, withMark, withoutMark } from "../../libvirt/mark";
import { letGo, notOursAnyMore } from "../../ownership";
import { runningThat, usesNetwork } from "../../libvirt/users";
import { cutOff, handlerOf, isCutOff } from "../../resource";
import { refuseConflicts } from "./conflicts";
import { networkEffects, outstandingOf, waitsFor } from "./effects";
import { plugInAgain } from "./guests";
import { type NetworkStep, planToFollow } from "./plan";
import { networkPolicies } from "./policy";
import { readNetwork } from "./read";
import { type NetworkInputs, networkInputs } from "./schema";
import { goneNetwork, networkOutputs, surveyNetwork } from "./survey";
import { networkXml } from "./xml";

export const network = handlerOf<NetworkInputs>({
  schema: networkInputs,
  policies: networkPolicies,
  inspectedFields: ["ipv4", "ipv6", "bridge", "mode"],

  outstanding: outstandingOf,
  effects: (changed, context) => networkEffects(changed, context.host(changed.news.connection).libvirt),

  async inspect(inputs, context) {
    const present = await findOwn(inputs, context);
    await refuseConflicts(context.host(inputs.connection), inputs, present?.root);
  },

  async create(inputs, context) {
    const host = context.host(inputs.connection);
    // Of two networks that are made at once, the second must see the first's subnet.
    const present = await host.lock("networks", () => defineNew(inputs, context), context);
    const { uuid } = present;
    const isAdopted = present.claim === "adopted";
    if (!isAdopted) await finish(uuid, inputs, context);
    return stateOf(uuid, isAdopted ? await readInputs(host.libvirt, uuid, inputs) : inputs, context);
  },

  async read(uuid, inputs, state, context) {
    const { libvirt } = context.host(inputs.connection);
    const [xml, autostart] = await Promise.all([
      libvirt.definition("network", uuid),
      libvirt.hasAutostart("network", uuid),
    ]);
    if (xml === undefined) return undefined;
    const root = parse(xml);
    if (!isOwn(root, context.identity)) {
      letGo(`network "${inputs.name}"`, readMark(root), context);
      return;
    }
    const seen = readNetwork(root, inputs, autostart);
    const { id, outputs } = await stateWith(root, uuid, seen, libvirt);
    return { id, outputs: isCutOff(state) ? cutOff(outputs) : outputs, inputs: { ...seen } };
  },

  async update(uuid, olds, news, _state, context) {
    const { libvirt } = context.host(news.connection);
    await locked(news, context, async () => {
      const xml = await libvirt.definition("network", uuid);
      if (xml === undefined) throw goneNetwork(news.name);
      const present = parse(xml);
      if (!isOwn(present, context.identity)) throw notOursAnyMore(`network "${news.name}"`, readMark(present));
      await define(libvirt, news, context, present, olds);
      await follow(uuid, news, context);
    });
    return (await stateOf(uuid, news, context)).outputs;
  },

  async delete(uuid, inputs, _state, context) {
    const { libvirt } = context.host(inputs.connection);
    const xml = await libvirt.definition("network", uuid);
    if (xml === undefined) return;
    const root = parse(xml);
    // What another resource has taken over since is that one's to delete.
    if (!isOwn(root, context.identity)) {
      letGo(`network "${inputs.name}"`, readMark(root), context);
      return;
    }
    if (readMark(root)?.adopted === true && !inputs.deleteAdopted)
      return libvirt.define("network", render(withoutMark(root)));
    await refuseWithGuests(libvirt, inputs.name);
    await libvirt.stop("network", uuid);
    await libvirt.undefine("network", uuid);
  },
});

/** From its definition on, a failure leaves the network in the state, to be continued or deleted. */
async function finish(uuid: string, inputs: NetworkInputs, context: Context): Promise<void> {
  try {
    await locked(inputs, context, () => follow(uuid, inputs, context));
  } catch (error) {
    throw new PartiallyCreated(uuid, cutOff((await stateOf(uuid, inputs, context)).outputs), error);
  }
}

/** Machines reserve addresses in it at the same time. */
function locked<T>(inputs: NetworkInputs, context: Context, work: () => Promise<T>): Promise<T> {
  return context.host(inputs.connection).lock(`network ${inputs.name}`, work, context);
}

interface Found {
  readonly uuid: string;
  readonly root: Element;
  readonly claim: "own" | "adopted";
}

/** The network of that name, when it is ours or becomes so. */
async function findOwn(inputs: NetworkInputs, context: Context): Promise<Found | undefined> {
  const { libvirt } = context.host(inputs.connection);
  const present = await definitionNamed(libvirt, "network", inputs.name);
  const claimant = { ...context, adopt: inputs.adopt };
  return present && { ...present, claim: claimRoot(present.root, `a network named "${inputs.name}"`, claimant) };
}

/** Defines it, or goes on with what a create that was cut off has defined; one that is adopted only gets the mark. */
async function defineNew(inputs: NetworkInputs, context: Context): Promise<Omit<Found, "root">> {
  const host = context.host(inputs.connection);
  const present = await findOwn(inputs, context);
  if (present?.claim === "adopted") {
    await host.libvirt.define("network", render(withMark(present.root, { ...markOf(context), adopted: true })));
    return present;
  }
  await refuseConflicts(host, inputs, present?.root);
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

/** Brings what runs to what is defined, as far as guests allow it, and tells what waits. */
async function follow(uuid: string, inputs: NetworkInputs, context: Context): Promise<void> {
  const { libvirt } = context.host(inputs.connection);
  const now = await surveyNetwork(libvirt, uuid, inputs.name);
  const { steps, waiting } = planToFollow(inputs, now);
  for (const step of steps) await runStep(libvirt, uuid, step);
  if (waiting.length > 0) context.warn(`${waiting.join(", ")}: ${waitsFor(now.guests.join(", "))}`);
  const left = await plugInAgain(libvirt, uuid, inputs.name);
  if (left.length > 0)
    context.warn(
      `running machines keep their former connection until they are shut down and started: ${left.join(", ")}`,
    );
}

function runStep(libvirt: Libvirt, uuid: string, step: NetworkStep): Promise<void> {
  switch (step.kind) {
    case "autostart":
      return libvirt.setAutostart("network", uuid, step.on);
    case "start":
      return libvirt.start("network", uuid);
    case "stop":
      return libvirt.stop("network", uuid);
    case "update":
      return libvirt.updateNetwork(uuid, step.update, "live");
  }
}

async function readInputs(libvirt: Libvirt, uuid: string, inputs: NetworkInputs): Promise<NetworkInputs> {
  const [xml, autostart] = await Promise.all([
    libvirt.definition("network", uuid),
    libvirt.hasAutostart("network", uuid),
  ]);
  if (xml === undefined) throw goneNetwork(inputs.name);
  return readNetwork(parse(xml), inputs, autostart);
}

async function stateOf(uuid: string, inputs: NetworkInputs, context: Context): Promise<Created> {
  const { libvirt } = context.host(inputs.connection);
  const xml = await libvirt.definition("network", uuid);
  if (xml === undefined) throw goneNetwork(inputs.name);
  return stateWith(parse(xml), uuid, inputs, libvirt);
}

async function stateWith(definition: Element, uuid: string, inputs: NetworkInputs, libvirt: Libvirt): Promise<Created> {
  return { id: uuid, outputs: { ...inputs, ...(await networkOutputs(libvirt, uuid, inputs, definition)) } };
}

/** libvirt stops a network under running guests without a word, and leaves them unplugged when it starts again. */
async function refuseWithGuests(libvirt: Libvirt, name: string): Promise<void> {
  const guests = await runningThat(libvirt, usesNetwork(name));
  if (guests.length === 0) return;
  throw new KvmError(
    "conflict",
    `network "${name}" must stop for this, and running machines are plugged in: ${guests.map((guest) => guest.name).join(", ")}`,
    { remedy: "Shut them down, then run `pulumi up` again" },
  );
}
