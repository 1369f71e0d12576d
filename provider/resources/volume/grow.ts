import { isDeepStrictEqual } from "node:util";
import type { LedgerEntry } from "../../host/ledger";
import { requireTakenAs } from "../../libvirt/images";
import type { Context, Properties } from "../../resource/handler";
import { KvmError, NotFound } from "../../values/errors";
import { formatSize } from "../../values/units";
import { claimVolume, requireOwn } from "./claim";
import { findVolume, type Found, idOf, openersOf, requireActive } from "./observe";
import { bytesOf } from "./places";
import { planGrowth, type VolumeStep } from "./plan";
import { locked, runPlan, type VolumeRun } from "./run";
import type { VolumeInputs } from "./schema";
import { stateOf } from "./state";

export function growVolume(inputs: VolumeInputs, context: Context): Promise<Properties> {
  return locked(inputs, context, async (host) => {
    const run = { host, inputs, context };
    const own = await requirePresent(run);
    const { found: grown } = await growForAll(run, own, bytesOf(own.found.volume, inputs.format));
    requireGrown(grown, inputs);
    await claimVolume(host, grown, inputs, context, own.entry.note);
    return stateOf(inputs, grown).outputs;
  });
}

/** The actual volume of the resource. */
interface Own {
  readonly found: Found;
  readonly entry: LedgerEntry;
}

interface Attempt {
  readonly steps: readonly VolumeStep[];
  /** Undefined if all steps were done. */
  readonly failure?: KvmError;
}

/**
 * A machine may start, or go off, between the check and the step: so the volume is checked again. A failure counts if
 * exactly the same steps remain. A machine that has opened the volume meanwhile gets the new size only by another step.
 * @param own as it is now @param actual its bytes before the first attempt
 * @returns as it is after the last attempt
 */
async function growForAll(run: VolumeRun, own: Own, actual: number, last?: Attempt): Promise<Own> {
  const { host, inputs } = run;
  const { path } = own.found.place;
  const openers = (await openersOf(host, own.found.place)).map(({ uuid }) => ({ domainUuid: uuid, path }));
  const steps = planGrowth(actual, inputs, openers);
  if (last?.failure !== undefined && isDeepStrictEqual(steps, last.steps)) throw last.failure;
  const left = stepsLeft(steps, last);
  if (left.length === 0) return own;
  if (left.some(({ kind }) => kind === "grow")) requireTakenAs(inputs.format, own.found, "size");
  const failure = await failureOf(() => runPlan(left, run));
  const attempt = failure === undefined ? { steps } : { steps, failure };
  return growForAll(run, await requirePresent(run), actual, attempt);
}

/** The remaining steps after a successful attempt: those for the machines that have opened the volume since. */
function stepsLeft(steps: readonly VolumeStep[], last: Attempt | undefined): readonly VolumeStep[] {
  if (last === undefined || last.failure !== undefined) return steps;
  return steps.filter(
    (step) => step.kind === "grow-online" && !last.steps.some((done) => isDeepStrictEqual(done, step)),
  );
}

async function failureOf(work: () => Promise<void>): Promise<KvmError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof KvmError) return error;
    throw error;
  }
}

async function requirePresent({ host, inputs, context }: VolumeRun): Promise<Own> {
  const found = await findVolume(host, idOf(inputs));
  if (found !== undefined) return { found, entry: await requireOwn(host, found, context) };
  await requireActive(host, inputs.pool);
  throw new NotFound(`volume "${idOf(inputs)}" no longer exists`, { remedy: "Run `pulumi refresh`, then `pulumi up`" });
}

/** libvirt may report success although nothing has happened. */
function requireGrown({ volume: grown }: Found, inputs: VolumeInputs): void {
  const bytes = bytesOf(grown, inputs.format);
  if (planGrowth(bytes, inputs, []).length === 0) return;
  throw new KvmError("command-failed", `volume "${idOf(inputs)}" did not grow: it has ${formatSize(bytes)}`, {
    property: "size",
    remedy: "Read the log of libvirtd and of the machine that has it open, then run `pulumi up` again",
  });
}
