import type { z } from "zod";
import { systemOptions } from "../../../provider/install/shared/system";
import { ubuntuOptions } from "../../../provider/install/ubuntu/schema";

/** Options as a user gives them: the shared ones, and Ubuntu's own below `ubuntu`. */
export interface Given extends z.input<typeof systemOptions> {
  readonly ubuntu?: z.input<typeof ubuntuOptions>;
}

export function optionsOf({ ubuntu = {}, ...system }: Given = {}) {
  return { system: systemOptions.parse(system), own: ubuntuOptions.parse(ubuntu) };
}
