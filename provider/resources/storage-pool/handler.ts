import { handlerOf } from "../../resource/handler-of";
import { createPool } from "./create";
import { poolEffects } from "./effects";
import { inspect } from "./inspect";
import { storagePoolPolicies } from "./policy";
import { refreshPool } from "./refresh";
import { removePool } from "./remove";
import { type StoragePoolInputs, storagePoolInputs, type StoragePoolOutputs, storagePoolOutputs } from "./schema";
import { updatePool } from "./update";

export const storagePool = handlerOf<StoragePoolInputs, StoragePoolOutputs>({
  schema: storagePoolInputs,
  outputs: storagePoolOutputs,
  policies: storagePoolPolicies,
  refusal:
    "a pool holds data, so no change moves it. Create another StoragePool, move the volumes to it, then remove this one",
  effects: (changed) => Promise.resolve(poolEffects(changed)),
  inspect,
  create: createPool,
  read: refreshPool,
  update: (uuid, _olds, news, state, context) => updatePool(uuid, news, state, context),
  delete: removePool,
});
