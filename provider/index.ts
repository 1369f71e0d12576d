import { serve } from "./engine/dynamic";
import { start } from "./engine/run";
import { installerIso as installerIsoHandler } from "./resources/installer-iso/handler";
import { machine as machineHandler } from "./resources/machine/handler";
import { network as networkHandler } from "./resources/network/handler";
import { storagePool as storagePoolHandler } from "./resources/storage-pool/handler";
import { volume as volumeHandler } from "./resources/volume/handler";

const run = start(process);

// The module that the state of every resource requires: its path, these names and what they can do are an interface
// for ever. State written by any earlier release is served by the release that is installed now.
export const network = serve(networkHandler, run);
export const storagePool = serve(storagePoolHandler, run);
export const volume = serve(volumeHandler, run);
export const installerIso = serve(installerIsoHandler, run);
export const machine = serve(machineHandler, run);
