import type { PolicyTable } from "../../policy";
import type { VolumeInputs } from "./schema";

/** A volume holds data: no change replaces it. */
export const volumePolicies = {
  connection: "refuse",
  name: "refuse",
  pool: "refuse",
  format: "refuse",
  size: "live",
} as const satisfies PolicyTable<VolumeInputs>;
