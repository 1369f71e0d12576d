import { parse } from "../../format/xml";
import type { Context, Read } from "../../resource/handler";
import type { State } from "../../resource/outputs";
import { letGo } from "../../resource/ownership";
import { ownershipOf } from "./claim";
import { powerOf } from "./observe";
import { readStoragePool } from "./places";
import type { StoragePoolInputs, StoragePoolOutputs } from "./schema";
import { stateOf } from "./state";

export async function refreshPool(
  uuid: string,
  inputs: StoragePoolInputs,
  state: State<StoragePoolOutputs>,
  context: Context,
): Promise<Read | undefined> {
  const { libvirt } = context.host(inputs.connection);
  const xml = await libvirt.definition("pool", uuid);
  if (xml === undefined) return undefined;
  const { owner, isOwn, isUsed } = await ownershipOf(uuid, inputs, context);
  if (isUsed) return { ...stateOf(inputs, uuid, false), inputs: { ...inputs } };
  if (!isOwn) {
    letGo(`storage pool "${inputs.name}"`, owner, context);
    return undefined;
  }
  const observed = readStoragePool(parse(xml), inputs, await powerOf(libvirt, uuid));
  return { ...stateOf(observed, uuid, state.madeFolder === true), inputs: { ...observed } };
}
