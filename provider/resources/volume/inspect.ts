import type { Context } from "../../resource/handler";
import { existingOf } from "./claim";
import { inspectMaterial } from "./material";
import { findVolume, idOf } from "./observe";
import { requireFormat, traitsOf } from "./pool-traits";
import type { VolumeInputs } from "./schema";

export async function inspect(inputs: VolumeInputs, context: Context): Promise<void> {
  const host = context.host(inputs.connection);
  // The same program may create the pool, so a missing pool at preview is no failure.
  const [traits, found] = await Promise.all([traitsOf(host, inputs.pool), findVolume(host, idOf(inputs))]);
  requireFormat(traits, inputs);
  const existing = await existingOf(host, found, inputs, context);
  if (existing === undefined) await inspectMaterial(host, inputs);
}
