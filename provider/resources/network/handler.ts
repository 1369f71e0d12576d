import { handlerOf } from "../../resource/handler-of";
import { inspectNetwork } from "./claim";
import { createNetwork, deleteNetwork, updateNetwork } from "./deploy";
import { networkEffects, outstandingOf } from "./effects";
import { refreshed } from "./observe";
import { networkPolicies } from "./policy";
import { type NetworkInputs, networkInputs, type NetworkOutputs, networkOutputs } from "./schema";
import { refuseToStop } from "./stop";

export const network = handlerOf<NetworkInputs, NetworkOutputs>({
  schema: networkInputs,
  outputs: networkOutputs,
  policies: networkPolicies,
  inspectedFields: ["ipv4", "ipv6", "bridge", "mode", "running"],

  outstanding: outstandingOf,
  effects: (changed, context) => networkEffects(changed, context.host(String(changed.state["connection"])).libvirt),

  refuse: async (previous, desired, context) =>
    (await desired.whenKnown((known) => refuseToStop(previous, known, context))) ?? [],

  inspect: (desired, context) => desired.whenKnown((known) => inspectNetwork(known, context)),

  create: createNetwork,
  read: refreshed,
  update: (uuid, previous, desired, _state, context) => updateNetwork(uuid, previous, desired, context),
  delete: (uuid, inputs, _state, context) => deleteNetwork(uuid, inputs, context),
});
