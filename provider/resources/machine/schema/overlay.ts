import { z } from "zod";
import * as scalar from "../../../values/scalars";

export const overlay = z.strictObject({
  overlay: z.string().min(1).optional().meta({
    description:
      "The elements, in a `<domain>`. Devices are distinguished as in libvirt: disks by target, interfaces by MAC address.",
    sets: "domain",
  }),
  template: scalar.programFile.optional().meta({
    description: "Handlebars file of the overlay, on the machine that runs Pulumi, instead of `overlay`.",
    sets: "domain",
  }),
  table: scalar.programFile.optional().meta({
    description: "YAML file that maps the template's variables to `data`. Default: none.",
    sets: "domain",
  }),
  data: z
    .record(z.string(), z.unknown())
    .default({})
    .meta({ description: "What template and table may use.", sets: "domain", secret: true }),
  text: z.string().optional().meta({
    description: "Computed: the overlay that is merged into the definition.",
    sets: "domain",
    derived: true,
    secret: true,
  }),
});
