import type { Context } from "../../resource/handler";
import type { Host } from "../../resource/host";
import type { Previewed } from "../../resource/known";
import { existingOf } from "./claim";
import { inspectMaterial } from "./material";
import { findVolume, idOf } from "./observe";
import { requireFormat, traitsOf } from "./pool-traits";
import type { VolumeInputs } from "./schema";

/** Each look is separate: an unknown name hides no failure of the known inputs. */
export async function inspect(inputs: Previewed<VolumeInputs>, context: Context): Promise<void> {
  const look = <Found>(at: (host: Host, known: VolumeInputs) => Promise<Found>) =>
    inputs.whenKnown((known) => at(context.host(known.connection), known));
  // The pool may be one that the same program makes; then it is missing at preview, and that is no failure.
  const [traits, found] = await Promise.all([
    look((host, { pool }) => traitsOf(host, pool)),
    look(async (host, known) => ({ volume: await findVolume(host, idOf(known)) })),
  ]);
  if (traits !== undefined) inputs.known((known) => requireFormat(traits, known));
  const { volume } = found ?? {};
  if (volume !== undefined) await look((host, known) => existingOf(host, volume, known, context));
  // One that is there has its content.
  else if (found !== undefined || inputs.known(({ adopt }) => adopt) === false) await look(inspectMaterial);
}
