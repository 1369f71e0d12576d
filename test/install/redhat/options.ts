import type { z } from "zod";
import { redhatOptions } from "../../../provider/install/redhat/schema";
import { systemOptions } from "../../../provider/install/shared/system";

/** Options as a user gives them: the shared ones, and those of the family below `redhat`. */
export interface Given extends z.input<typeof systemOptions> {
  readonly redhat?: z.input<typeof redhatOptions>;
}

export function optionsOf({ redhat = {}, ...system }: Given = {}) {
  return { system: systemOptions.parse(system), own: redhatOptions.parse(redhat) };
}
