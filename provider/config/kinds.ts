import { installerIsoInputs } from "../resources/installer-iso/schema";
import { machineInputs } from "../resources/machine/schema";
import { networkInputs } from "../resources/network/schema";
import { storagePoolInputs } from "../resources/storage-pool/schema";
import { volumeInputs } from "../resources/volume/schema";
import type { InputSchemas } from "./schema";

/** What the entries of each section are: their resources' own inputs. */
export const inputSchemas = {
  networks: networkInputs,
  pools: storagePoolInputs,
  volumes: volumeInputs,
  installers: installerIsoInputs,
  machines: machineInputs,
} satisfies InputSchemas;
