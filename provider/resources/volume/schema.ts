import { z } from "zod";
import * as scalar from "../../scalars";

export const volumeInputs = z.strictObject({
  connection: scalar.connection,
  name: scalar.name.meta({
    description: "Name of the volume in its pool. Default: the resource's name.",
    sets: "volume/name",
  }),
  pool: scalar.name
    .default("default")
    .meta({ description: "Name of the storage pool that holds it.", sets: "vol-create --pool" }),
  format: z.enum(["qcow2", "raw"]).default("qcow2").meta({
    description: "Image format; both take up only as much space as is written to them.",
    sets: "volume/target/format/@type",
  }),
  size: scalar.size.meta({
    description: "What the guest sees as the disk's size. It can grow, never shrink.",
    sets: "volume/capacity",
  }),
});

export type VolumeInputs = z.infer<typeof volumeInputs>;

export interface VolumeOutputs {
  /** Path of the image on the host. */
  readonly path: string;
}
