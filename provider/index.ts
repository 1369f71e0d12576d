import { serve } from "./engine/dynamic";
import { start } from "./engine/run";
import { installerIso as installerIsoHandler } from "./resources/installer-iso/handler";
import { machine as machineHandler } from "./resources/machine/handler";
import { network as networkHandler } from "./resources/network/handler";
import { storagePool as storagePoolHandler } from "./resources/storage-pool/handler";
import { volume as volumeHandler } from "./resources/volume/handler";

const run = start(process);

// The module that the state of every resource requires. Its path, these names and their behaviour are a permanent
// interface: the installed release serves the state of every earlier release.
export const network = serve(networkHandler, run);
export const storagePool = serve(storagePoolHandler, run);
export const volume = serve(volumeHandler, run);
export const installerIso = serve(installerIsoHandler, run);
export const machine = serve(machineHandler, run);
