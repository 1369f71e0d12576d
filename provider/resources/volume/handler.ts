import { isDeepStrictEqual } from "node:util";
import type { Entry } from "../../libvirt/client";
import { requireTakenAs } from "../../libvirt/images";
import { runningThat, opensVolume, type VolumePlace } from "../../libvirt/users";
import { handlerOf } from "../../resource/definition";
import { effectsByPolicy } from "../../resource/diff";
import type { Context, Created, Properties } from "../../resource/handler";
import type { Host } from "../../resource/host";
import { letGo } from "../../resource/ownership";
import { KvmError, messageOf, NotFound } from "../../values/errors";
import { formatSize } from "../../values/units";
import { factsOf, isGone, whyUnseen } from "./image";
import { requireFormat, sizeFailures, traitsOf } from "./kinds";
import { awaitMaker, makeVolume } from "./make";
import { inspectMaterial } from "./material";
import { holderOf, presentOf, requireOwn, unknownVolume } from "./ownership";
import { findBacking, findVolume, type Found, idOf, lockOf, requireActive } from "./places";
import { planGrowth, type VolumeStep } from "./plan";
import { volumePolicies } from "./policy";
import { bytesOf, readVolume } from "./read";
import { removeVolume } from "./remove";
import { type VolumeInputs, volumeInputs, type VolumeOutputs, volumeOutputs } from "./schema";
import { runStep } from "./steps";

export const volume = handlerOf<VolumeInputs, VolumeOutputs>({
  schema: volumeInputs,
  outputs: volumeOutputs,
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

  inspect: (inputs, context) => inputs.whenKnown((known) => inspect(known, context)),

  async create(inputs, context) {
    const host = context.host(inputs.connection);
    return host.lock(lockOf(inputs), () => createLocked(host, inputs, context), context);
  },

  async read(id, inputs, state, context) {
    const host = context.host(inputs.connection);
    const found = await findVolume(host, idOf(inputs));
    const what = `volume "${idOf(inputs)}"`;
    if (found === undefined) {
      const { path } = state as Partial<VolumeOutputs>;
      if (await isGone(host, inputs, path)) return undefined;
      const why = await whyUnseen(host, inputs, path);
      context.warn(`${what} can't be seen now, so that it is taken to be as it was: ${why}`);
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
  await growForAll(host, inputs, bytesOf(found.volume, inputs.format), context);
  const { urn: owner, identity } = context;
  const grown = await requirePresent(host, inputs);
  requireGrown(grown, inputs);
  await host.ledger.claim("volume", idOf(inputs), { owner, identity, note, ...(await factsOf(host, grown, inputs)) });
  return stateOf(inputs, grown).outputs;
}

interface Attempt {
  readonly steps: readonly VolumeStep[];
  /** Undefined when all steps were done. */
  readonly failure?: KvmError;
}

/**
 * A machine may start, or go off, between a look and what is done then: so it is looked at again. A failure is one when the
 * very same steps are left; and a machine that has the volume open by now sees the new size only when it is told.
 */
async function growForAll(
  host: Host,
  inputs: VolumeInputs,
  present: number,
  context: Context,
  before?: Attempt,
): Promise<void> {
  const found = await requirePresent(host, inputs);
  await requireOwn(host, found, context);
  const { path } = found.place;
  const openers = (await openersOf(host, found.place)).map(({ uuid }) => ({ domainUuid: uuid, path }));
  const steps = planGrowth(present, inputs, openers);
  if (before?.failure !== undefined && isDeepStrictEqual(steps, before.steps)) throw before.failure;
  const isNew = (step: VolumeStep) =>
    step.kind === "grow-online" && !before?.steps.some((done) => isDeepStrictEqual(done, step));
  const left = before === undefined || before.failure !== undefined ? steps : steps.filter(isNew);
  if (left.length === 0) return;
  if (left.some(({ kind }) => kind === "grow")) requireTakenAs(inputs.format, found, "size");
  const attempt = await attempted(steps, async () => {
    for (const step of left) await runStep(host, inputs, step, context);
  });
  return growForAll(host, inputs, present, context, attempt);
}

async function attempted(steps: readonly VolumeStep[], work: () => Promise<void>): Promise<Attempt> {
  try {
    await work();
    return { steps };
  } catch (error) {
    if (!(error instanceof KvmError)) throw error;
    return { steps, failure: error };
  }
}

/** The running machines that have it as a disk. */
async function openersOf({ libvirt }: Host, place: VolumePlace): Promise<readonly Entry[]> {
  return runningThat(libvirt, opensVolume(place));
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
