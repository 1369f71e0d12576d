import { z } from "zod";
import * as scalar from "../../../values/scalars";
import { parseSize } from "../../../values/units";

/** The hypervisor rounds memory up to whole MiB. */
export const memorySize = scalar.size.refine((size) => (parseSize(size) ?? 0) % 2 ** 20 === 0, {
  error: (issue) => `${String(issue.input)} is not a whole number of MiB; round it up`,
});

export const memoryBacking = z.strictObject({
  hugepages: scalar.size.optional().meta({
    description: "Size of the huge pages of the memory, such as `2MiB`; the host must have them.",
    sets: "memoryBacking/hugepages/page/@size",
  }),
  shared: z.boolean().default(false).meta({
    description: "Whether other processes of the host can share the memory; virtiofs needs it.",
    sets: "memoryBacking/access/@mode, memoryBacking/source/@type",
  }),
  locked: z
    .boolean()
    .default(false)
    .meta({ description: "Whether the memory is never swapped out.", sets: "memoryBacking/locked" }),
});
