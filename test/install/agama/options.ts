import type { z } from "zod";
import { agamaOptions } from "../../../provider/install/agama/schema";
import { systemOptions } from "../../../provider/install/shared/system";

/** Options as a user gives them: the shared ones, and those of the family below `agama`. */
export interface Given extends z.input<typeof systemOptions> {
  readonly agama?: z.input<typeof agamaOptions>;
}

export function optionsOf({ agama = {}, ...system }: Given = {}) {
  return { system: systemOptions.parse(system), own: agamaOptions.parse({ product: "Leap_16.0", ...agama }) };
}
