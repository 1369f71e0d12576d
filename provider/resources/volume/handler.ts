import { effectsByPolicy } from "../../diff";
import { KvmError, messageOf, NotFound } from "../../errors";
import type { Context, Created, Properties } from "../../handler";
import type { Host } from "../../host/index";
import type { Entry } from "../../libvirt/client";
import { requireTakenAs } from "../../images";
import { formatSize } from "../../libvirt/units";
import { runningThat, opensVolume, type VolumePlace } from "../../libvirt/users";
import { letGo } from "../../ownership";
import { handlerOf } from "../../resource";
import { factsOf, isGone } from "./image";
import { requireFormat, sizeFailures, traitsOf } from "./kinds";
import { awaitMaker, makeVolume } from "./make";
import { inspectMaterial } from "./material";
import { holderOf, presentOf, requireOwn, unknownVolume } from "./ownership";
import { findBacking, findVolume, type Found, idOf, lockOf, requireActive } from "./places";
import { planGrowth } from "./plan";
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

  refuse: async (olds, news, context) =>
    (await news.whenKnown((known) =>
      olds.size === known.size ? [] : sizeFailures(context.host(known.connection), olds, known),
    )) ?? [],

  async effects({ changes, state }, context) {
    const host = context.host(String(state["connection"]));
    const found = await findVolume(host, idOf({ pool: String(state["pool"]), name: String(state["name"]) }));
    const openers = found === undefined ? [] : await openersOf(host, found.place);
    const names = openers.map(({ name }) => name);
    return effectsByPolicy(changes, {
      live: names.length === 0 ? "grows" : `grows while ${names.join(", ")} ${names.length === 1 ? "runs" : "run"}`,
    });
  },

  async inspect(inputs, context) {
    await inputs.whenKnown((known) => inspect(known, context));
  },

  async create(inputs, context) {
    const host = context.host(inputs.connection);
    return host.lock(lockOf(inputs), () => createLocked(host, inputs, context), context);
  },

  async read(id, inputs, state, context) {
    const host = context.host(inputs.connection);
    const found = await findVolume(host, idOf(inputs));
    const what = `volume "${idOf(inputs)}"`;
    if (found === undefined) {
      if (await isGone(host, inputs, (state as Partial<VolumeOutputs>).path)) return undefined;
      context.warn(`${what} can't be seen now, so that it is taken to be as it was: ${await unseen(host, inputs)}`);
      return { id, outputs: state, inputs: { ...inputs } };
    }
    const { whose, entry } = await holderOf(host, found, context);
    if (whose === "unknown") {
      context.warn(messageOf(unknownVolume(host, found)));
      return { id, outputs: state, inputs: { ...inputs } };
    }
    if (whose === "other") {
      letGo(what, entry, context);
      return undefined;
    }
    const seen = readVolume(found.volume, inputs, await findBacking(host, inputs));
    return { ...stateOf(seen, found), inputs: { ...seen } };
  },

  async update(_id, _olds, news, _state, context) {
    const host = context.host(news.connection);
    return host.lock(lockOf(news), () => grow(host, news, context), context);
  },

  delete: (_id, inputs, state, context) => removeVolume(inputs, state, context),
});

async function inspect(inputs: VolumeInputs, context: Context): Promise<void> {
  const host = context.host(inputs.connection);
  // The pool may be one that the same program makes; then it is missing at preview, and that is no failure.
  const [traits, found] = await Promise.all([traitsOf(host, inputs.pool), findVolume(host, idOf(inputs))]);
  requireFormat(traits, inputs);
  const present = await presentOf(host, found, inputs, context);
  if (present === undefined) await inspectMaterial(host, inputs);
}

async function createLocked(host: Host, inputs: VolumeInputs, context: Context): Promise<Created> {
  await awaitMaker(host, inputs, context);
  const [found] = await Promise.all([findVolume(host, idOf(inputs)), requireActive(host, inputs.pool)]);
  const present = await presentOf(host, found, inputs, context);
  if (present === undefined || present.note === "making")
    return stateOf(inputs, await makeVolume(host, inputs, present, context));
  const { urn: owner, identity } = context;
  const { note } = present;
  await host.ledger.claim("volume", idOf(inputs), {
    owner,
    identity,
    note,
    ...(await factsOf(host, present, inputs)),
  });
  return stateOf(present.seen, present);
}

async function grow(host: Host, inputs: VolumeInputs, context: Context): Promise<Properties> {
  const found = await requirePresent(host, inputs);
  const { note } = await requireOwn(host, found, context);
  const { urn: owner, identity } = context;
  const openers = (await openersOf(host, found.place)).map(({ uuid }) => ({
    domainUuid: uuid,
    path: found.place.path,
  }));
  const steps = planGrowth(bytesOf(found.volume, inputs.format), inputs, openers);
  if (steps.some(({ kind }) => kind === "grow")) requireTakenAs(inputs.format, found, "size");
  for (const step of steps) await runStep(host, inputs, step, context);
  const grown = await requirePresent(host, inputs);
  requireGrown(grown, inputs);
  await host.ledger.claim("volume", idOf(inputs), { owner, identity, note, ...(await factsOf(host, grown, inputs)) });
  return stateOf(inputs, grown).outputs;
}

/** The running machines that have it as a disk. */
async function openersOf({ libvirt }: Host, place: VolumePlace): Promise<readonly Entry[]> {
  return runningThat(libvirt, opensVolume(place));
}

async function unseen(host: Host, { pool }: VolumeInputs): Promise<string> {
  const entry = await host.libvirt.find("pool", pool);
  if (entry === undefined) return `the host has no storage pool "${pool}"`;
  return entry.isActive
    ? `another folder lies in the place of the one that storage pool "${pool}" had`
    : `storage pool "${pool}" is not active; start it by \`virsh pool-start ${pool}\``;
}

async function requirePresent(host: Host, inputs: VolumeInputs): Promise<Found> {
  const found = await findVolume(host, idOf(inputs));
  if (found !== undefined) return found;
  await requireActive(host, inputs.pool);
  throw new NotFound(`volume "${idOf(inputs)}" is gone`, { remedy: "Run `pulumi refresh`, then `pulumi up`" });
}

/** libvirt may report success without it having happened. */
function requireGrown({ volume: grown }: Found, inputs: VolumeInputs): void {
  const bytes = bytesOf(grown, inputs.format);
  if (planGrowth(bytes, inputs, []).length === 0) return;
  throw new KvmError("command-failed", `volume "${idOf(inputs)}" did not grow: it has ${formatSize(bytes)}`, {
    property: "size",
    remedy: "Look at the log of libvirtd and of the machine that has it open, then run `pulumi up` again",
  });
}

function stateOf(inputs: VolumeInputs, { volume, place }: Found): Created {
  const computed: VolumeOutputs = { path: place.path, capacity: formatSize(bytesOf(volume, inputs.format)) };
  return { id: idOf(inputs), outputs: { ...inputs, ...computed } };
}
