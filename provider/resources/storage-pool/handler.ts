import { parse } from "../../format/xml";
import { handlerOf } from "../../resource/definition";
import { type Change, effectsByPolicy } from "../../resource/diff";
import type { Context, Created } from "../../resource/handler";
import type { Host } from "../../resource/host";
import { letGo, notOursAnyMore } from "../../resource/ownership";
import { inspect, isFolderOfPool } from "./inspect";
import { makePool, runStep } from "./make";
import { findPresent, ownershipOf, powerOf, type Present } from "./ownership";
import { planUpdate } from "./plan";
import { storagePoolPolicies } from "./policy";
import { readStoragePool } from "./read";
import { requireUnused } from "./remove";
import { type StoragePoolInputs, storagePoolInputs, type StoragePoolOutputs, storagePoolOutputs } from "./schema";

export const storagePool = handlerOf<StoragePoolInputs, StoragePoolOutputs>({
  schema: storagePoolInputs,
  outputs: storagePoolOutputs,
  policies: storagePoolPolicies,
  refusal:
    "a pool is where data lies, so it is never moved by a change. Make a new StoragePool beside it, move the volumes, then remove this one",

  effects: ({ changes, state }) => {
    const [power, others] = [changes.filter(isPower), changes.filter((change) => !isPower(change))];
    const verb = power.some(({ after }) => after === true) ? "starts" : "stops";
    return Promise.resolve([
      ...effectsByPolicy(power, { live: `${verb} storage pool ${String(state["name"])}` }),
      ...effectsByPolicy(others, { live: "changes at once; volumes notice nothing" }),
    ]);
  },
  inspect: (inputs, context) => inputs.whenKnown((known) => inspect(known, context)),

  create: (inputs, context) =>
    locked(inputs, context, async (host) => {
      const present = await findPresent(inputs, context);
      if (present?.isAdopted === true) return adopted(host, present);
      const { uuid, madeFolder } = await makePool(host, inputs, present, context);
      return stateOf(inputs, uuid, madeFolder);
    }),

  async read(uuid, inputs, state, context) {
    const { libvirt } = context.host(inputs.connection);
    const xml = await libvirt.definition("pool", uuid);
    if (xml === undefined) return undefined;
    const { owner, isOwn } = await ownershipOf(uuid, inputs, context);
    if (!isOwn) {
      letGo(`storage pool "${inputs.name}"`, owner, context);
      return;
    }
    const seen = readStoragePool(parse(xml), inputs, await powerOf(libvirt, uuid));
    return { ...stateOf(seen, uuid, state["madeFolder"] === true), inputs: { ...seen } };
  },

  update: (uuid, _olds, news, state, context) =>
    locked(news, context, async ({ libvirt }) => {
      const { owner, isOwn } = await ownershipOf(uuid, news, context);
      if (!isOwn) throw notOursAnyMore(`storage pool "${news.name}"`, owner);
      for (const step of planUpdate(news)) await runStep(libvirt, uuid, step);
      return stateOf(news, uuid, state["madeFolder"] === true).outputs;
    }),

  delete: (uuid, inputs, state, context) =>
    locked(inputs, context, async (host) => {
      const { owner, isOwn } = await ownershipOf(uuid, inputs, context);
      if (!isOwn) {
        letGo(`storage pool "${inputs.name}"`, owner, context);
        return;
      }
      const madeFolder = state["madeFolder"] === true;
      if (owner?.note !== "adopted" || inputs.deleteAdopted) await remove(host, uuid, inputs, madeFolder);
      await host.ledger.releaseOf(context.identity, "pool", inputs.name);
    }),
});

function isPower({ path }: Change): boolean {
  return path === "running";
}

async function remove(host: Host, uuid: string, inputs: StoragePoolInputs, madeFolder: boolean): Promise<void> {
  if (await host.libvirt.exists("pool", uuid)) {
    await requireUnused(host, uuid, inputs, madeFolder);
    await host.libvirt.stop("pool", uuid);
    await host.libvirt.undefine("pool", uuid);
  }
  const { path } = inputs;
  if (madeFolder && path !== undefined && !(await isFolderOfPool(host.libvirt, path)))
    await host.files.removeEmptyFolder(path);
}

/** Held by whoever makes, changes or removes a pool of that name. */
function locked<T>(inputs: StoragePoolInputs, context: Context, work: (host: Host) => Promise<T>): Promise<T> {
  const host = context.host(inputs.connection);
  return host.lock(`storage pool ${inputs.name}`, () => work(host), context);
}

async function adopted({ ledger }: Host, { uuid, seen, entry }: Present): Promise<Created> {
  await ledger.claim("pool", seen.name, entry);
  return stateOf(seen, uuid, entry.note === "made-folder");
}

function stateOf(inputs: StoragePoolInputs, uuid: string, madeFolder: boolean): Created {
  const computed: StoragePoolOutputs = { uuid, madeFolder };
  return { id: uuid, outputs: { ...inputs, ...computed } };
}
