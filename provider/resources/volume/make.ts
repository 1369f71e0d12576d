import type { Context } from "../../handler";
import type { Host } from "../../host/index";
import { traitsOf } from "./kinds";
import { obtainMaterial } from "./material";
import type { Present } from "./ownership";
import { idOf } from "./places";
import { planCreate } from "./plan";
import { deleteVolume } from "./remove";
import type { VolumeInputs } from "./schema";
import { runStep } from "./steps";

/**
 * Makes it with its whole content. Until that is complete the ledger says so: what a cut-off create has left is thrown
 * away, and the next one begins anew.
 */
export async function makeVolume(
  host: Host,
  inputs: VolumeInputs,
  remains: Present | undefined,
  context: Context,
): Promise<void> {
  const [traits, material] = await Promise.all([traitsOf(host, inputs.pool), obtainMaterial(host, inputs, context)]);
  const steps = planCreate(inputs, material, traits);
  if (remains !== undefined) await deleteVolume(host, inputs, context);
  await host.ledger.claim("volume", idOf(inputs), { owner: context.urn, note: "making" });
  let isThere = false;
  try {
    for (const step of steps) {
      await runStep(host, inputs, step, context);
      isThere = true;
    }
  } catch (failure) {
    // What can't be undone now is thrown away by the next `up`.
    await undo(host, inputs, isThere).catch(() => undefined);
    throw failure;
  }
  await host.ledger.claim("volume", idOf(inputs), { owner: context.urn });
}

/** @param isThere whether we made one: another program's may have come in between */
async function undo(host: Host, inputs: VolumeInputs, isThere: boolean): Promise<void> {
  if (isThere) await deleteVolume(host, inputs);
  await host.ledger.release("volume", idOf(inputs));
}
