import type { z } from "zod";
import { systemOptions } from "../../../provider/install/shared/system";
import { suseOptions } from "../../../provider/install/suse/schema";

/** Options as a user gives them: the shared ones, and those of the family below `suse`. */
export interface Given extends z.input<typeof systemOptions> {
  readonly suse?: z.input<typeof suseOptions>;
}

export function optionsOf({ suse = {}, ...system }: Given = {}) {
  return { system: systemOptions.parse(system), own: suseOptions.parse(suse) };
}
