import { effectsByPolicy } from "../../diff";
import { KvmError, NotFound } from "../../errors";
import type { Context, Created, Properties } from "../../handler";
import type { Host } from "../../host/index";
import type { Entry } from "../../libvirt/client";
import { formatSize } from "../../libvirt/units";
import { runningThat, opensVolume, type VolumePlace } from "../../libvirt/users";
import { handlerOf } from "../../resource";
import { growthFailures, requireFormat, traitsOf } from "./kinds";
import { makeVolume } from "./make";
import { inspectMaterial } from "./material";
import { presentOf } from "./ownership";
import { findBacking, findVolume, type Found, idOf, lockOf, requireActive } from "./places";
import { isSmaller, planUpdate } from "./plan";
import { volumePolicies } from "./policy";
import { bytesOf, readVolume } from "./read";
import { removeVolume } from "./remove";
import { type VolumeInputs, volumeInputs, type VolumeOutputs } from "./schema";
import { runStep } from "./steps";

export const volume = handlerOf<VolumeInputs>({
  schema: volumeInputs,
  policies: volumePolicies,
  refusal:
    "the volume would have to be made anew, and its content would be lost. Make a new Volume beside it, copy what you need, then remove this one",

  async refuse(olds, news, context) {
    if (olds.size === news.size) return [];
    if (!isSmaller(olds, news)) return growthFailures(context.host(news.connection), news);
    const reason = `${news.size ?? ""} is less than the present ${olds.size ?? ""}, and a smaller image would cut off what the guest has written. Write size: ${olds.size ?? ""}, or make a new Volume and copy the data`;
    return [{ property: "size", reason }];
  },

  async effects({ changes, news }, context) {
    const host = context.host(news.connection);
    const found = await findVolume(host, idOf(news));
    const opener = found && (await openerOf(host, found.place));
    return effectsByPolicy(changes, { live: opener === undefined ? "grows" : `grows while ${opener.name} runs` });
  },

  async inspect(inputs, context) {
    const host = context.host(inputs.connection);
    // The pool may be one that the same program makes; then it is missing at preview, and that is no failure.
    const [traits, found] = await Promise.all([traitsOf(host, inputs.pool), findVolume(host, idOf(inputs))]);
    requireFormat(traits, inputs);
    const present = await presentOf(host, found, inputs, context);
    if (present === undefined) await inspectMaterial(host, inputs);
  },

  async create(inputs, context) {
    const host = context.host(inputs.connection);
    return host.lock(lockOf(inputs), () => createLocked(host, inputs, context), context.signal);
  },

  async read(_id, inputs, _state, context) {
    const host = context.host(inputs.connection);
    const found = await findVolume(host, idOf(inputs));
    if (found === undefined) return undefined;
    const seen = readVolume(found.volume, inputs, await findBacking(host, inputs));
    return { ...stateOf(seen, found), inputs: { ...seen } };
  },

  async update(_id, _olds, news, _state, context) {
    const host = context.host(news.connection);
    return host.lock(lockOf(news), () => grow(host, news), context.signal);
  },

  async delete(_id, inputs, _state, context) {
    const host = context.host(inputs.connection);
    if ((await host.ledger.entry("volume", idOf(inputs)))?.owner === context.urn) await removeVolume(host, inputs);
  },
});

async function createLocked(host: Host, inputs: VolumeInputs, context: Context): Promise<Created> {
  const [found] = await Promise.all([findVolume(host, idOf(inputs)), requireActive(host, inputs.pool)]);
  const present = await presentOf(host, found, inputs, context);
  if (present === undefined || present.entry.note === "making") {
    await makeVolume(host, inputs, present, context);
    return stateOf(inputs, await requirePresent(host, inputs));
  }
  await host.ledger.claim("volume", idOf(inputs), present.entry);
  return stateOf(present.seen, present);
}

async function grow(host: Host, inputs: VolumeInputs): Promise<Properties> {
  const { volume: present, place } = await requirePresent(host, inputs);
  const opener = await openerOf(host, place);
  const disk = opener && { domainUuid: opener.uuid, path: place.path };
  for (const step of planUpdate(bytesOf(present), inputs, disk)) await runStep(host, inputs, step);
  const grown = await requirePresent(host, inputs);
  requireGrown(bytesOf(grown.volume), inputs);
  return stateOf(inputs, grown).outputs;
}

/** The running machine that has it as a disk. */
async function openerOf({ libvirt }: Host, place: VolumePlace): Promise<Entry | undefined> {
  return (await runningThat(libvirt, opensVolume(place)))[0];
}

async function requirePresent(host: Host, inputs: VolumeInputs): Promise<Found> {
  const found = await findVolume(host, idOf(inputs));
  if (found !== undefined) return found;
  await requireActive(host, inputs.pool);
  throw new NotFound(`volume "${idOf(inputs)}" is gone`, { remedy: "Run `pulumi refresh`, then `pulumi up`" });
}

/** libvirt may report success without it having happened. */
function requireGrown(bytes: number, inputs: VolumeInputs): void {
  if (planUpdate(bytes, inputs, undefined).length === 0) return;
  throw new KvmError("command-failed", `volume "${idOf(inputs)}" did not grow: it has ${formatSize(bytes)}`, {
    property: "size",
    remedy: "Look at the log of libvirtd and of the machine that has it open, then run `pulumi up` again",
  });
}

function stateOf(inputs: VolumeInputs, { volume, place }: Found): Created {
  const computed: VolumeOutputs = { path: place.path, capacity: formatSize(bytesOf(volume)) };
  return { id: idOf(inputs), outputs: { ...inputs, ...computed } };
}
