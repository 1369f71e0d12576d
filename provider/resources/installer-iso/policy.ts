import { familyIds } from "../../install/index";
import { connectionPolicy } from "../../resource/connection-policy";
import { allAre, type PolicyTable } from "../../resource/policy";
import type { InstallerIsoInputs } from "./schema";

/** A changed content writes the ISO again at the same path. Installed machines stay as they are. */
export const installerIsoPolicies = {
  connection: connectionPolicy("replace"),
  name: "replace",
  source: "digested",
  catalogue: "digested",
  image: "digested",
  directory: "replace",
  keep: "setting",
  system: "digested",
  ...allAre("digested", familyIds),
  template: "digested",
  table: "digested",
  data: "digested",
  family: "digested",
  digest: "reinstall",
  madeHostKeys: "digested",
  digestKey: "digested",
} as const satisfies PolicyTable<InstallerIsoInputs>;
