import { effectsByPolicy } from "../../diff";
import { parse } from "../../format/xml";
import type { Created } from "../../handler";
import type { Host } from "../../host/index";
import { handlerOf } from "../../resource";
import { inspect } from "./inspect";
import { makePool, runStep } from "./make";
import { findPresent, type Present } from "./ownership";
import { planUpdate } from "./plan";
import { storagePoolPolicies } from "./policy";
import { readStoragePool } from "./read";
import { requireUnused } from "./remove";
import { type StoragePoolInputs, storagePoolInputs, type StoragePoolOutputs } from "./schema";

export const storagePool = handlerOf<StoragePoolInputs>({
  schema: storagePoolInputs,
  policies: storagePoolPolicies,
  refusal:
    "a pool is where data lies, so it is never moved by a change. Make a new StoragePool beside it, move the volumes, then remove this one",

  effects: ({ changes }) =>
    Promise.resolve(effectsByPolicy(changes, { live: "changes at once; volumes notice nothing" })),
  inspect,

  async create(inputs, context) {
    const host = context.host(inputs.connection);
    const present = await findPresent(inputs, context);
    if (present?.isAdopted === true) return adopted(host, present);
    const { uuid, madeFolder } = await makePool(host, inputs, present, context.urn);
    return stateOf(inputs, uuid, madeFolder);
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
    for (const step of planUpdate(olds, news)) await runStep(libvirt, uuid, step);
    return stateOf(news, uuid, state["madeFolder"] === true).outputs;
  },

  async delete(uuid, inputs, state, context) {
    const host = context.host(inputs.connection);
    const entry = await host.ledger.entry("pool", inputs.name);
    if (entry?.owner !== context.urn) return;
    if (entry.note !== "adopted") {
      const madeFolder = state["madeFolder"] === true;
      if (await host.libvirt.exists("pool", uuid)) {
        await requireUnused(host, uuid, inputs, madeFolder);
        await host.libvirt.stop("pool", uuid);
        await host.libvirt.undefine("pool", uuid);
      }
      if (madeFolder && inputs.path !== undefined) await host.files.removeEmptyFolder(inputs.path);
    }
    await host.ledger.release("pool", inputs.name);
  },
});

async function adopted({ ledger }: Host, { uuid, seen, entry }: Present): Promise<Created> {
  await ledger.claim("pool", seen.name, entry);
  return stateOf(seen, uuid, entry.note === "made-folder");
}

function stateOf(inputs: StoragePoolInputs, uuid: string, madeFolder: boolean): Created {
  const computed: StoragePoolOutputs = { uuid, madeFolder };
  return { id: uuid, outputs: { ...inputs, ...computed } };
}
