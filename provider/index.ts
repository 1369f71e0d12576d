import { serve } from "./dynamic";
import { installerIso as installerIsoHandler } from "./resources/installer-iso/handler";
import { machine as machineHandler } from "./resources/machine/handler";
import { network as networkHandler } from "./resources/network/handler";
import { storagePool as storagePoolHandler } from "./resources/storage-pool/handler";
import { volume as volumeHandler } from "./resources/volume/handler";

// The module that the state of every resource requires: its path, these names and what they can do are an interface
// for ever. State written by any earlier release is served by the release that is installed now.
export const network = serve(networkHandler);
export const storagePool = serve(storagePoolHandler);
export const volume = serve(volumeHandler);
export const installerIso = serve(installerIsoHandler);
export const machine = serve(machineHandler);
