import { Conflict, KvmError, NotFound } from "../../errors";
import { type Element, parse, render } from "../../format/xml";
import type { Context, Created } from "../../handler";
import type { Host } from "../../host/index";
import { domainsThat, usesFile } from "../../libvirt/users";
import { handlerOf } from "../../resource";
import { isSmaller, planUpdate } from "./plan";
import { volumePolicies } from "./policy";
import { pathOf, readVolume } from "./read";
import { type VolumeInputs, volumeInputs, type VolumeOutputs } from "./schema";
import { volumeXml } from "./xml";

export const volume = handlerOf<VolumeInputs>({
  schema: volumeInputs,
  policies: volumePolicies,
  refusal:
    "the volume would have to be made anew, and its content would be lost. Make a new Volume beside it, copy what you need, then remove this one",

  refuse(olds, news) {
    if (!isSmaller(olds, news)) return [];
    const reason = `${news.size} is less than the present ${olds.size}, and a smaller image would cut off what the guest has written. Keep the size, or make a new Volume and copy the data`;
    return [{ property: "size", reason }];
  },

  async inspect(inputs, context) {
    const { libvirt } = context.host(inputs.connection);
    // The pool may be one that the same program makes; then it is missing at preview, and that is no failure.
    const pool = await libvirt.find("pool", inputs.pool);
    if (pool !== undefined && (await libvirt.isActive("pool", pool.uuid))) await findOwn(pool.uuid, inputs, context);
  },

  async create(inputs, context) {
    const host = context.host(inputs.connection);
    const pool = await activePool(host, inputs.pool);
    // One at a time in each pool: libvirt refuses some work in a pool while another is under way.
    return host.lock(`pool ${inputs.pool}`, async () => {
      const present = await findOwn(pool, inputs, context);
      if (present !== undefined) return stateOf(inputs, present);
      await host.ledger.claim("volume", idOf(inputs), context.urn);
      await host.libvirt.createVolume(pool, render(volumeXml(inputs)));
      return stateOf(inputs, await existing(host, pool, inputs));
    });
  },

  async read(_id, inputs, _state, context) {
    const { libvirt } = context.host(inputs.connection);
    const pool = await libvirt.find("pool", inputs.pool);
    const xml = pool && (await libvirt.volume(pool.uuid, inputs.name));
    if (xml === undefined) return undefined;
    const seen = readVolume(parse(xml), inputs);
    return { ...stateOf(seen, parse(xml)), inputs: { ...seen } };
  },

  async update(_id, olds, news, _state, context) {
    const host = context.host(news.connection);
    const pool = await activePool(host, news.pool);
    const path = pathOf(await existing(host, pool, news));
    const user = (await domainsThat(host.libvirt, usesFile(path))).find(({ isActive }) => isActive);
    for (const step of planUpdate(olds, news, user?.uuid)) {
      if (step.kind === "grow") await host.libvirt.resizeVolume(pool, news.name, step.bytes);
      else await host.libvirt.resizeBlock(step.domainUuid, path, step.bytes);
    }
    return stateOf(news, await existing(host, pool, news)).outputs;
  },

  async delete(_id, inputs, _state, context) {
    const host = context.host(inputs.connection);
    const pool = await host.libvirt.find("pool", inputs.pool);
    const present = pool && (await findOwn(pool.uuid, inputs, context));
    if (pool !== undefined && present !== undefined) {
      await refuseInUse(host, inputs, pathOf(present));
      await host.libvirt.deleteVolume(pool.uuid, inputs.name);
    }
    await host.ledger.release("volume", idOf(inputs));
  },
});

function idOf({ pool, name }: VolumeInputs): string {
  return `${pool}/${name}`;
}

async function activePool({ libvirt }: Host, name: string): Promise<string> {
  const pool = await libvirt.find("pool", name);
  if (pool === undefined) {
    const names = (await libvirt.list("pool")).map((entry) => entry.name);
    throw new NotFound(
      `the host has no storage pool "${name}"; it has ${names.length === 0 ? "none" : names.join(", ")}`,
      {
        property: "pool",
        remedy: "Name one of those, or make it with a StoragePool",
      },
    );
  }
  if (!(await libvirt.isActive("pool", pool.uuid))) {
    throw new NotFound(`storage pool "${name}" is not active`, {
      property: "pool",
      remedy: `Start it: virsh pool-start ${name}`,
    });
  }
  return pool.uuid;
}

/** The volume of that name, when it is ours. */
async function findOwn(pool: string, inputs: VolumeInputs, context: Context): Promise<Element | undefined> {
  const { libvirt, ledger } = context.host(inputs.connection);
  const xml = await libvirt.volume(pool, inputs.name);
  if (xml === undefined) return undefined;
  if ((await ledger.owner("volume", idOf(inputs))) === context.urn) return parse(xml);
  throw new Conflict(
    `a volume "${inputs.name}" exists already in pool "${inputs.pool}", and this resource did not make it`,
    {
      property: "name",
      remedy: `To use it as it is, leave this Volume out and give "${idOf(inputs)}" to the machine's disk; else choose another name`,
    },
  );
}

async function existing({ libvirt }: Host, pool: string, inputs: VolumeInputs): Promise<Element> {
  const xml = await libvirt.volume(pool, inputs.name);
  if (xml !== undefined) return parse(xml);
  throw new NotFound(`volume "${idOf(inputs)}" is gone`, { remedy: "Run `pulumi refresh`, then `pulumi up`" });
}

/** libvirt deletes a volume that is in use without a word. */
async function refuseInUse({ libvirt }: Host, inputs: VolumeInputs, path: string): Promise<void> {
  const users = await domainsThat(libvirt, usesFile(path));
  if (users.length === 0) return;
  throw new KvmError("conflict", `volume "${idOf(inputs)}" is a disk of ${users.map(({ name }) => name).join(", ")}`, {
    remedy: "Delete the machine or take the disk from it first",
  });
}

function stateOf(inputs: VolumeInputs, volume: Element): Created {
  const computed: VolumeOutputs = { path: pathOf(volume) };
  return { id: idOf(inputs), outputs: { ...inputs, ...computed } };
}
