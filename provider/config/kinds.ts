import { installerIsoInputs } from "../resources/installer-iso/schema";
import { machineInputs } from "../resources/machine/schema";
import { networkInputs } from "../resources/network/schema";
import { storagePoolInputs } from "../resources/storage-pool/schema";
import { volumeInputs } from "../resources/volume/schema";
import type { InputSchemas } from "./schema";

/** The schemas of the entries of each section: the inputs of their resources. */
export const inputSchemas = {
  networks: networkInputs,
  pools: storagePoolInputs,
  volumes: volumeInputs,
  installers: installerIsoInputs,
  machines: machineInputs,
} satisfies InputSchemas;
