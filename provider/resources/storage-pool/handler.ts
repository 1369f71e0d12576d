import { Conflict, KvmError, NotFound } from "../../errors";
import { parse } from "../../format/xml";
import type { Context, Created } from "../../handler";
import type { Libvirt } from "../../libvirt/client";
import { handlerOf } from "../../resource";
import { planCreate, planUpdate, type StoragePoolStep } from "./plan";
import { storagePoolPolicies } from "./policy";
import { readStoragePool } from "./read";
import { type StoragePoolInputs, storagePoolInputs, type StoragePoolOutputs } from "./schema";

export const storagePool = handlerOf<StoragePoolInputs>({
  schema: storagePoolInputs,
  policies: storagePoolPolicies,
  refusal:
    "a pool is where data lies, so it is never moved by a change. Make a new StoragePool beside it, move the volumes, then remove this one",

  inspect: (inputs, context) => findOwn(inputs, context).then(() => undefined),

  async create(inputs, context) {
    const { libvirt, ledger, files } = context.host(inputs.connection);
    const present = await findOwn(inputs, context);
    const hasFolder = (await files.stat(inputs.path)) !== undefined;
    await ledger.claim("pool", inputs.name, context.urn);
    for (const step of planCreate(inputs, present !== undefined, hasFolder)) await runStep(libvirt, inputs.name, step);
    return stateOf(inputs, await uuidOf(libvirt, inputs.name), !hasFolder);
  },

  async read(uuid, inputs, state, context) {
    const { libvirt } = context.host(inputs.connection);
    const xml = await libvirt.definition("pool", uuid);
    if (xml === undefined) return undefined;
    const seen = readStoragePool(parse(xml), inputs, await libvirt.hasAutostart("pool", uuid));
    return { ...stateOf(seen, uuid, state["madeFolder"] === true), inputs: { ...seen } };
  },

  async update(uuid, olds, news, state, context) {
    const { libvirt } = context.host(news.connection);
    for (const step of planUpdate(olds, news)) await runStep(libvirt, news.name, step);
    return stateOf(news, uuid, state["madeFolder"] === true).outputs;
  },

  async delete(uuid, inputs, state, context) {
    const { libvirt, ledger, files } = context.host(inputs.connection);
    if ((await findOwn(inputs, context)) !== undefined) {
      await refuseWithVolumes(libvirt, uuid, inputs.name);
      await libvirt.stop("pool", uuid);
      await libvirt.undefine("pool", uuid);
    }
    if (state["madeFolder"] === true) await files.removeEmptyFolder(inputs.path);
    await ledger.release("pool", inputs.name);
  },
});

/** The pool of that name, when it is ours. */
async function findOwn(inputs: StoragePoolInputs, context: Context) {
  const { libvirt, ledger } = context.host(inputs.connection);
  const pool = await libvirt.find("pool", inputs.name);
  if (pool === undefined || (await ledger.owner("pool", inputs.name)) === context.urn) return pool;
  throw new Conflict(`a storage pool named "${inputs.name}" exists already, and this resource did not make it`, {
    property: "name",
    remedy: "To use it, leave this StoragePool out and name the pool in the volumes; else choose another name",
  });
}

async function uuidOf(libvirt: Libvirt, name: string): Promise<string> {
  const pool = await libvirt.find("pool", name);
  if (pool === undefined)
    throw new NotFound(`storage pool "${name}" is gone`, { remedy: "Run `pulumi refresh`, then `pulumi up`" });
  return pool.uuid;
}

async function runStep(libvirt: Libvirt, name: string, step: StoragePoolStep): Promise<void> {
  if (step.kind === "define") return libvirt.define("pool", step.xml);
  const uuid = await uuidOf(libvirt, name);
  if (step.kind === "build") return libvirt.buildPool(uuid);
  if (step.kind === "start") return libvirt.start("pool", uuid);
  return libvirt.setAutostart("pool", uuid, step.on);
}

async function refuseWithVolumes(libvirt: Libvirt, uuid: string, name: string): Promise<void> {
  if (!(await libvirt.isActive("pool", uuid))) return;
  const volumes = await libvirt.volumes(uuid);
  if (volumes.length === 0) return;
  throw new KvmError("conflict", `storage pool "${name}" still holds volumes: ${volumes.join(", ")}`, {
    remedy: "Move or delete them first",
  });
}

function stateOf(inputs: StoragePoolInputs, uuid: string, madeFolder: boolean): Created {
  const computed: StoragePoolOutputs = { uuid, madeFolder };
  return { id: uuid, outputs: { ...inputs, ...computed } };
}
