import type { Context, Read } from "../../resource/handler";
import type { Host } from "../../resource/host";
import type { State } from "../../resource/outputs";
import { letGo } from "../../resource/ownership";
import { messageOf } from "../../values/errors";
import { holderOf, unknownVolume } from "./claim";
import { findBacking, findVolume, idOf } from "./observe";
import { readVolume } from "./places";
import type { VolumeInputs, VolumeOutputs } from "./schema";
import { stateOf } from "./state";
import { isGone, whyUnseen } from "./unseen";

export async function refreshVolume(
  id: string,
  inputs: VolumeInputs,
  state: State<VolumeOutputs>,
  context: Context,
): Promise<Read | undefined> {
  const host = context.host(inputs.connection);
  const asItWas = { id, outputs: state, inputs: { ...inputs } };
  const found = await findVolume(host, idOf(inputs));
  if (found === undefined) return (await staysUnseen(host, inputs, state, context)) ? asItWas : undefined;
  const { whose, entry } = await holderOf(host, found, context);
  if (whose === "unknown") {
    context.warn(messageOf(unknownVolume(host, found)));
    return asItWas;
  }
  if (whose === "other") {
    letGo(`volume "${idOf(inputs)}"`, entry, context);
    return undefined;
  }
  const observed = readVolume(found.volume, inputs, await findBacking(host, inputs));
  return { ...stateOf(observed, found), inputs: { ...observed } };
}

/** Whether a volume that libvirt does not list may still exist, which is a warning. */
async function staysUnseen(
  host: Host,
  inputs: VolumeInputs,
  { path }: State<VolumeOutputs>,
  context: Context,
): Promise<boolean> {
  if (await isGone(host, inputs, path)) return false;
  const why = await whyUnseen(host, inputs, path);
  context.warn(`volume "${idOf(inputs)}" can't be checked, so its state stays as it is: ${why}`);
  return true;
}
