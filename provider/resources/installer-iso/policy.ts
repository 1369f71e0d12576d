import type { PolicyTable } from "../../diff";
import type { InstallerIsoInputs } from "./schema";

/** The ISO is written anew in its place; machines that were installed from it stay as they are. */
export const installerIsoPolicies = {
  connection: "replace",
  name: "replace",
  source: "reinstall",
  directory: "replace",
  debian: "reinstall",
  template: "setting",
  table: "setting",
  data: "setting",
  digest: "live",
} as const satisfies PolicyTable<InstallerIsoInputs>;
