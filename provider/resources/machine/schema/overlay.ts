import { z } from "zod";

const textFile = z.string().min(1);

export const overlay = z.strictObject({
  overlay: z.string().min(1).optional().meta({
    description:
      "The elements, in a `<domain>`. Devices are told apart as libvirt does it: disks by target, interfaces by MAC address.",
    sets: "domain",
  }),
  template: textFile.optional().meta({
    description: "Handlebars file of the overlay, on the machine that runs Pulumi, in place of `overlay`.",
    sets: "domain",
  }),
  table: textFile.optional().meta({
    description: "YAML file that says where the template's variables lie in `data`. Default: none.",
    sets: "domain",
  }),
  data: z
    .record(z.string(), z.unknown())
    .default({})
    .meta({ description: "What template and table may use.", sets: "domain", secret: true }),
  text: z
    .string()
    .optional()
    .meta({ description: "Computed: the overlay as it is merged in.", sets: "domain", derived: true, secret: true }),
});
