import { handlerOf } from "../../resource/handler-of";
import { createVolume } from "./create";
import { volumeEffects } from "./effects";
import { growVolume } from "./grow";
import { inspect } from "./inspect";
import { volumePolicies } from "./policy";
import { refreshVolume } from "./refresh";
import { removeVolume } from "./remove";
import { type VolumeInputs, volumeInputs, type VolumeOutputs, volumeOutputs } from "./schema";
import { sizeFailures } from "./size-failures";

export const volume = handlerOf<VolumeInputs, VolumeOutputs>({
  schema: volumeInputs,
  outputs: volumeOutputs,
  policies: volumePolicies,
  refusal:
    "the volume would have to be created again, and its content would be lost. Create another Volume, copy the data to it, then remove this one",
  refuse: async (olds, news, context) =>
    (await news.whenKnown((known) =>
      olds.size === known.size ? [] : sizeFailures(context.host(known.connection), olds, known),
    )) ?? [],
  effects: volumeEffects,
  inspect,
  create: createVolume,
  read: refreshVolume,
  update: (_id, _olds, news, _state, context) => growVolume(news, context),
  delete: (_id, inputs, state, context) => removeVolume(inputs, state, context),
});
