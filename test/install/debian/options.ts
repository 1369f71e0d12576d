import type { z } from "zod";
import { debianOptions } from "../../../provider/install/debian/schema";
import { systemOptions } from "../../../provider/install/shared/system";

/** Options as a user gives them: the shared ones, and Debian's own below `debian`. */
export interface Given extends z.input<typeof systemOptions> {
  readonly debian?: z.input<typeof debianOptions>;
}

export function optionsOf({ debian = {}, ...system }: Given = {}) {
  return { system: systemOptions.parse(system), own: debianOptions.parse(debian) };
}

/** A hash of the form that yescrypt has; of no password. */
export const hash = "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7";
