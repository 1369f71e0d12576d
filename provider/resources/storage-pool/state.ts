import type { Created } from "../../resource/handler";
import type { StoragePoolInputs, StoragePoolOutputs } from "./schema";

export function stateOf(inputs: StoragePoolInputs, uuid: string, madeFolder: boolean): Created {
  const computed: StoragePoolOutputs = { uuid, madeFolder };
  return { id: uuid, outputs: { ...inputs, ...computed } };
}
