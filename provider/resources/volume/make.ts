import type { LedgerEntry } from "../../host/ledger";
import { entryOf } from "../../libvirt/images";
import type { Context } from "../../resource/handler";
import type { Host } from "../../resource/host";
import { factsOf } from "./image";
import { traitsOf } from "./kinds";
import { obtainMaterial, requireWritten } from "./material";
import type { Present } from "./ownership";
import { findVolume, type Found, idOf, requireVolume } from "./places";
import { planCreate } from "./plan";
import { deleteVolume } from "./remove";
import type { VolumeInputs } from "./schema";
import { runStep } from "./steps";

/**
 * Makes it with its whole content. Until that is complete the ledger says so: what a cut-off create has left is thrown
 * away, and the next one begins anew. Which image was made is noted by the program that makes it, in the same breath: an
 * image of that name that isn't the noted one is another program's.
 */
export async function makeVolume(
  host: Host,
  inputs: VolumeInputs,
  remains: Present | undefined,
  context: Context,
): Promise<Found> {
  const { urn: owner, identity } = context;
  const claim = (entry: Partial<LedgerEntry>) => host.ledger.claim("volume", id, { owner, identity, ...entry });
  const id = idOf(inputs);
  const [traits, material] = await Promise.all([traitsOf(host, inputs.pool), obtainMaterial(host, inputs, context)]);
  const steps = planCreate(inputs, material, traits);
  if (remains !== undefined) await deleteVolume(host, inputs, context);
  await claim({ note: "making" });
  const note = {
    name: inputs.name,
    path: `${traits.folder ?? ""}/${inputs.name}`,
    record: host.ledger.recordOf("volume", id),
    busy: host.ledger.busyOf("volume", id),
  };
  try {
    for (const step of steps) await runStep(host, inputs, step, context, note);
    const made = await requireVolume(host, id, "name");
    await requireWritten(host, made, material, inputs);
    await claim(await factsOf(host, made, inputs));
    return made;
  } catch (failure) {
    // What can't be undone now is thrown away by the next `up`.
    await undo(host, inputs).catch(() => undefined);
    throw failure;
  }
}

/** Of a create that was killed, the program that makes the volume goes on to its end: nothing is certain before. */
export async function awaitMaker({ run, files, ledger }: Host, inputs: VolumeInputs, context: Context): Promise<void> {
  const busy = ledger.busyOf("volume", idOf(inputs));
  if ((await files.stat(busy)) === undefined) return;
  context.progress("waits for what an interrupted run still copies");
  await run("flock", ["--shared", busy, "true"], { timeoutMs: longestMs, signal: context.signal });
}

const longestMs = 60 * 60_000;

/**
 * What is there without being noted may be another program's, or what libvirt goes on to make, or has left half-made: it
 * stays, and the ledger says so.
 */
async function undo(host: Host, inputs: VolumeInputs): Promise<void> {
  const found = await findVolume(host, idOf(inputs));
  if (found !== undefined && (await entryOf(host, found)) === undefined) return;
  if (found !== undefined) await deleteVolume(host, inputs);
  await host.ledger.release("volume", idOf(inputs));
}
