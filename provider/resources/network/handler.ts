import { effectsByPolicy, plainEffects } from "../../diff";
import { KvmError, NotFound } from "../../errors";
import { parse } from "../../format/xml";
import type { Context, Created } from "../../handler";
import type { Libvirt } from "../../libvirt/client";
import { ownDefinition } from "../../libvirt/mark";
import { domainsThat, usesNetwork } from "../../libvirt/users";
import { handlerOf } from "../../resource";
import { needsRestart, type NetworkStep, planCreate, planUpdate } from "./plan";
import { networkPolicies } from "./policy";
import { identityOf, readNetwork } from "./read";
import { type NetworkInputs, networkInputs, type NetworkOutputs } from "./schema";

export const network = handlerOf<NetworkInputs>({
  schema: networkInputs,
  policies: networkPolicies,
  effects: ({ changes }) =>
    Promise.resolve(
      effectsByPolicy(changes, {
        ...plainEffects,
        restart: "restarts the network; refused while running machines are plugged in",
      }),
    ),

  async inspect(inputs, context) {
    const xml = await definitionByName(libvirtOf(inputs, context), inputs.name);
    if (xml !== undefined) ownDefinition(xml, `a network named "${inputs.name}"`, context.urn);
  },

  async create(inputs, context) {
    const libvirt = libvirtOf(inputs, context);
    const xml = await definitionByName(libvirt, inputs.name);
    const present = xml === undefined ? undefined : ownDefinition(xml, `a network named "${inputs.name}"`, context.urn);
    const [define, ...others] = planCreate(inputs, context.urn, present);
    if (define !== undefined) await runStep(libvirt, "", define);
    const uuid = (await libvirt.find("network", inputs.name))?.uuid;
    if (uuid === undefined) throw new NotFound(`network "${inputs.name}" is gone again right after it was defined`);
    for (const step of others) await runStep(libvirt, uuid, step);
    return stateOf(libvirt, uuid, inputs);
  },

  async read(uuid, inputs, _state, context) {
    const libvirt = libvirtOf(inputs, context);
    const xml = await libvirt.definition("network", uuid);
    if (xml === undefined) return undefined;
    const seen = readNetwork(parse(xml), inputs, await libvirt.hasAutostart("network", uuid));
    return { ...(await stateOf(libvirt, uuid, seen)), inputs: { ...seen } };
  },

  async update(uuid, olds, news, _state, context) {
    const libvirt = libvirtOf(news, context);
    const xml = await libvirt.definition("network", uuid);
    if (xml === undefined)
      throw new NotFound(`network "${news.name}" is gone`, { remedy: "Run `pulumi refresh`, then `pulumi up`" });
    const steps = planUpdate(olds, news, context.urn, ownDefinition(xml, `network "${news.name}"`, context.urn));
    if (needsRestart(olds, news)) await refuseWithGuests(libvirt, olds.name);
    for (const step of steps) await runStep(libvirt, uuid, step);
    return (await stateOf(libvirt, uuid, news)).outputs;
  },

  async delete(uuid, inputs, _state, context) {
    const libvirt = libvirtOf(inputs, context);
    const xml = await libvirt.definition("network", uuid);
    if (xml === undefined) return;
    ownDefinition(xml, `network "${inputs.name}"`, context.urn);
    await refuseWithGuests(libvirt, inputs.name);
    await libvirt.stop("network", uuid);
    await libvirt.undefine("network", uuid);
  },
});

function libvirtOf(inputs: NetworkInputs, context: Context): Libvirt {
  return context.host(inputs.connection).libvirt;
}

async function definitionByName(libvirt: Libvirt, name: string): Promise<string | undefined> {
  const entry = await libvirt.find("network", name);
  return entry && libvirt.definition("network", entry.uuid);
}

function runStep(libvirt: Libvirt, uuid: string, step: NetworkStep): Promise<void> {
  switch (step.kind) {
    case "define":
      return libvirt.define("network", step.xml);
    case "autostart":
      return libvirt.setAutostart("network", uuid, step.on);
    case "start":
      return libvirt.start("network", uuid);
    case "stop":
      return libvirt.stop("network", uuid);
    case "update":
      return libvirt.updateNetwork(uuid, step.command, step.section, step.xml);
  }
}

/** libvirt stops a network under running guests without a word, and leaves them unplugged when it starts again. */
async function refuseWithGuests(libvirt: Libvirt, name: string): Promise<void> {
  const guests = (await domainsThat(libvirt, usesNetwork(name))).filter(({ isActive }) => isActive);
  if (guests.length === 0) return;
  throw new KvmError(
    "conflict",
    `network "${name}" must stop for this, and running machines are plugged in: ${guests.map((guest) => guest.name).join(", ")}`,
    {
      remedy: "Shut them down, then run `pulumi up` again",
    },
  );
}

async function stateOf(libvirt: Libvirt, uuid: string, inputs: NetworkInputs): Promise<Created> {
  const { bridge } = identityOf(parse((await libvirt.definition("network", uuid)) ?? "<network/>"));
  const computed: NetworkOutputs = { uuid, bridgeName: bridge ?? "" };
  return { id: uuid, outputs: { ...inputs, ...computed } };
}
