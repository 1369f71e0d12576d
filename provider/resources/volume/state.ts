import type { Created } from "../../resource/handler";
import { formatSize } from "../../values/units";
import { type Found, idOf } from "./observe";
import { bytesOf } from "./places";
import type { VolumeInputs, VolumeOutputs } from "./schema";

export function stateOf(inputs: VolumeInputs, { volume, place }: Found): Created {
  const computed: VolumeOutputs = { path: place.path, capacity: formatSize(bytesOf(volume, inputs.format)) };
  return { id: idOf(inputs), outputs: { ...inputs, ...computed } };
}
