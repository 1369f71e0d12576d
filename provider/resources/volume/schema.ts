import { z } from "zod";
import type { OutputsOf } from "../../resource/outputs";
import * as scalar from "../../values/scalars";
import { xmlTexts } from "../../values/xml-texts";
import { volumeRules } from "./rules";

const format = z.enum(["qcow2", "raw"]);

const source = z.strictObject({
  volume: scalar.volumeId.optional().meta({
    description: "A volume that is copied. No running machine may write to it meanwhile.",
    sets: "vol-create-from --vol",
  }),
  path: scalar.absolutePath.optional().meta({ description: "A file on the KVM host.", sets: "vol-upload --file" }),
  url: scalar.downloadUrl
    .optional()
    .meta({ description: "Where the KVM host downloads it from, once.", sets: "vol-upload --file" }),
  format: format.optional().meta({
    description:
      "Image format of `volume`, where kvm-deploy did not make it. Default: raw; what its content looks like is no proof.",
    sets: "vol-create-from --vol",
  }),
  sha256: scalar.sha256.optional().meta({
    description: "SHA-256 sum of the file; required with `url`. Nothing goes into the volume before it is verified.",
    sets: "a check before it is used",
  }),
});

const backing = z.strictObject({
  volume: scalar.volumeId
    .optional()
    .meta({ description: "The volume that it is based on.", sets: "volume/backingStore/path" }),
  path: scalar.absolutePath.optional().meta({
    description: "The file or device on the KVM host that it is based on.",
    sets: "volume/backingStore/path",
  }),
  format: format.default("qcow2").meta({
    description: "Image format of what it is based on.",
    sets: "volume/backingStore/format/@type",
  }),
});

export const volumeInputs = z
  .strictObject({
    connection: scalar.connection,
    name: scalar.name.meta({
      description: "Name of the volume in its pool. Default: the resource's name.",
      sets: "volume/name",
      property: true,
    }),
    adopt: scalar.adopt,
    deleteAdopted: scalar.deleteAdopted,
    pool: scalar.name
      .default("default")
      .meta({ description: "Name of the storage pool that holds it.", sets: "vol-create --pool", property: true }),
    format: format.default("qcow2").meta({
      description:
        "Image format; both take up only as much space as is written to them. Pools without a file system hold raw ones.",
      sets: "volume/target/format/@type",
    }),
    size: scalar.size.optional().meta({
      description:
        "What the guest sees as the disk's size. It can grow, never shrink. Default: the size of its source.",
      property: true,
      sets: "volume/capacity",
    }),
    preallocate: z.boolean().default(false).meta({
      description: "Whether all of its space is taken when it is made; in a volume group it always is.",
      sets: "volume/allocation",
    }),
    source: source.optional().meta({
      description: "What it contains from the beginning: a volume, a file or a URL. Used once, when it is made.",
      sets: "vol-upload",
    }),
    backing: backing.optional().meta({
      description: "What it is based on: only what differs from it is written to the volume itself.",
      sets: "volume/backingStore",
    }),
  })
  .meta({ description: "A disk image in a storage pool. Its id, `POOL/VOLUME`, goes into a machine's disks." })
  .superRefine(xmlTexts())
  .superRefine(volumeRules);

export type VolumeInputs = z.output<typeof volumeInputs>;

export const volumeOutputs = z.object({
  path: z.string().meta({ description: "Path of the image on the host." }),
  capacity: z.string().meta({ description: "What the guest sees as the disk's size." }),
});

export type VolumeOutputs = OutputsOf<typeof volumeOutputs>;
