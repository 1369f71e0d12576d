import { z } from "zod";
import type { InputSchemas } from "../../provider/config/schema";
import * as scalar from "../../provider/values/scalars";

const common = { connection: scalar.connection, name: scalar.name };
const source = { sha256: scalar.sha256 };

/** Small schemas in the shape of the resources' own: the texts of errors shouldn't hang on those. */
export const smallSchemas: InputSchemas = {
  networks: z.strictObject({
    ...common,
    mode: z.enum(["nat", "isolated"]).default("nat"),
    autostart: z.boolean().optional(),
  }),
  pools: z.strictObject({ ...common, path: scalar.absolutePath }),
  volumes: z.strictObject({ ...common, pool: scalar.name.optional(), size: scalar.size }),
  installers: z.strictObject({
    ...common,
    source: z.union([
      z.strictObject({ path: scalar.absolutePath, ...source }),
      z.strictObject({ url: z.url(), ...source }),
    ]),
    template: scalar.programFile.optional(),
    table: scalar.programFile.optional(),
    data: z.record(z.string(), z.unknown()).optional(),
  }),
  machines: z
    .strictObject({
      ...common,
      memory: scalar.size,
      disks: z.array(z.strictObject({ volume: z.string().regex(/^[^/]+\/[^/]+$/) })).default([]),
      nics: z.array(z.strictObject({ network: scalar.name, address: scalar.ipv4.optional() })).default([]),
      installer: scalar.absolutePath.optional(),
    })
    .superRefine((machine, context) => {
      if (machine.installer !== undefined && machine.disks.length === 0) {
        context.addIssue({ code: "custom", path: ["disks"], message: "is empty, but an installation needs a disk" });
      }
    }),
};
