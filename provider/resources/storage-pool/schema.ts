import { z } from "zod";
import * as scalar from "../../scalars";

export const storagePoolInputs = z.strictObject({
  connection: scalar.connection,
  name: scalar.name.meta({
    description: "Name of the libvirt storage pool. Default: the resource's name.",
    sets: "name",
  }),
  path: scalar.absolutePath.meta({
    description: "Folder on the host that holds the volumes; made where it is missing.",
    sets: "target/path",
  }),
  autostart: z.boolean().default(true).meta({ description: "Whether it starts with the host.", sets: "autostart" }),
});

export type StoragePoolInputs = z.infer<typeof storagePoolInputs>;

export interface StoragePoolOutputs {
  readonly uuid: string;
  /** Whether the folder was made with the pool; only then an empty folder goes with it. */
  readonly madeFolder: boolean;
}
