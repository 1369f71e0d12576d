import { debianOptions, type DebianOptions } from "../../../provider/install/debian/schema";
import type { z } from "zod";

export function optionsOf(given: z.input<typeof debianOptions> = {}): DebianOptions {
  return debianOptions.parse(given);
}

/** A hash of the form that yescrypt has; of no password. */
export const hash = "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7";
