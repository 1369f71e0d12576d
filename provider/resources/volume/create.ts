import type { VolumeNote } from "../../libvirt/client";
import { entryOf } from "../../libvirt/images";
import type { Context, Created } from "../../resource/handler";
import type { Host } from "../../resource/host";
import { claimVolume, existingOf } from "./claim";
import { obtainMaterial, requireWritten } from "./material";
import { findVolume, type Found, idOf, requireActive, requireVolume } from "./observe";
import { planCreate, planRemove } from "./plan";
import { type PoolTraits, traitsOf } from "./pool-traits";
import { locked, runPlan } from "./run";
import type { VolumeInputs } from "./schema";
import { stateOf } from "./state";

export function createVolume(inputs: VolumeInputs, context: Context): Promise<Created> {
  return locked(inputs, context, async (host) => {
    await awaitMaker(host, inputs, context);
    const [found] = await Promise.all([findVolume(host, idOf(inputs)), requireActive(host, inputs.pool)]);
    const existing = await existingOf(host, found, inputs, context);
    if (existing === undefined || existing.note === "making")
      return stateOf(inputs, await make(host, inputs, existing !== undefined, context));
    await claimVolume(host, existing, inputs, context, existing.note);
    return stateOf(existing.actual, existing);
  });
}

/**
 * Creates the volume with its whole content. Until it is complete the ledger says so: the next create discards what an
 * interrupted one has left, and starts again. The creating program records the image immediately after its creation: an
 * image of that name without that record is another program's.
 */
async function make(host: Host, inputs: VolumeInputs, hasRemains: boolean, context: Context): Promise<Found> {
  const [traits, material] = await Promise.all([traitsOf(host, inputs.pool), obtainMaterial(host, inputs, context)]);
  const steps = planCreate(inputs, material, traits, hasRemains);
  try {
    await runPlan(steps, { host, inputs, context, note: noteFor(host, inputs, traits) });
    const made = await requireVolume(host, idOf(inputs), "name");
    await requireWritten(host, made, material, inputs);
    await claimVolume(host, made, inputs, context);
    return made;
  } catch (failure) {
    // What can't be removed now is discarded by the next `up`.
    await undo(host, inputs, context).catch(() => undefined);
    throw failure;
  }
}

function noteFor({ ledger }: Host, inputs: VolumeInputs, { directory = "" }: PoolTraits): VolumeNote {
  const { name } = inputs;
  const id = idOf(inputs);
  const [record, busy] = [ledger.recordOf("volume", id), ledger.busyOf("volume", id)];
  return { name, path: `${directory}/${name}`, record, busy };
}

/** After a killed create, the program that creates the volume continues to its end: before that nothing is certain. */
async function awaitMaker({ run, files, ledger }: Host, inputs: VolumeInputs, context: Context): Promise<void> {
  const busy = ledger.busyOf("volume", idOf(inputs));
  if ((await files.stat(busy)) === undefined) return;
  context.progress("waits for the copy of an interrupted run");
  await run("flock", ["--shared", busy, "true"], { timeoutMs: longestMs, signal: context.signal });
}

const longestMs = 60 * 60_000;

/**
 * An image without a record may be another program's, or one that libvirt is still creating or has left incomplete: it
 * stays, and the ledger says so.
 */
async function undo(host: Host, inputs: VolumeInputs, context: Context): Promise<void> {
  const found = await findVolume(host, idOf(inputs));
  if (found !== undefined && (await entryOf(host, found)) === undefined) return;
  // This step can't be interrupted, because it may undo an interruption.
  const uninterrupted = { ...context, signal: new AbortController().signal };
  await runPlan(planRemove(found !== undefined), { host, inputs, context: uninterrupted });
}
