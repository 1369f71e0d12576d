import { z } from "zod";
import type { OutputsOf } from "../../resource/outputs";
import * as scalar from "../../values/scalars";
import { xmlTexts } from "../../values/xml-texts";
import { volumeRules } from "./rules";

const format = z.enum(["qcow2", "raw"]);

const source = z.strictObject({
  volume: scalar.volumeId.optional().meta({
    description: "The volume to copy. No running machine may write to it meanwhile.",
    sets: "vol-create-from --vol",
  }),
  path: scalar.absolutePath.optional().meta({ description: "A file on the KVM host.", sets: "vol-upload --file" }),
  url: scalar.downloadUrl
    .optional()
    .meta({ description: "URL from which the KVM host downloads it once.", sets: "vol-upload --file" }),
  format: format.optional().meta({
    description: "Image format of `volume`, if kvm-deploy did not create it. Default: raw; the content proves nothing.",
    sets: "vol-create-from --vol",
  }),
  sha256: scalar.sha256.optional().meta({
    description:
      "SHA-256 sum of the file; required with `url`. Nothing is written to the volume before it is verified.",
    sets: "a check before its use",
  }),
});

const backing = z.strictObject({
  volume: scalar.volumeId.optional().meta({ description: "The base volume.", sets: "volume/backingStore/path" }),
  path: scalar.absolutePath.optional().meta({
    description: "The base file or device on the KVM host.",
    sets: "volume/backingStore/path",
  }),
  format: format.default("qcow2").meta({
    description: "Image format of the base.",
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
      .meta({ description: "Name of its storage pool.", sets: "vol-create --pool", property: true }),
    format: format.default("qcow2").meta({
      description:
        "Image format. Both formats take only as much space as was written. Pools without a file system have raw volumes.",
      sets: "volume/target/format/@type",
    }),
    size: scalar.size.optional().meta({
      description: "Size of the disk in the guest. It can grow, but not shrink. Default: the size of its source.",
      property: true,
      sets: "volume/capacity",
    }),
    preallocate: z.boolean().default(false).meta({
      description: "Whether all of its space is allocated at its creation; in a volume group it always is.",
      sets: "volume/allocation",
    }),
    source: source.optional().meta({
      description: "What it contains at first: a volume, a file or a URL. Used once, at its creation.",
      sets: "vol-upload",
    }),
    backing: backing.optional().meta({
      description: "The base of the volume. The volume itself contains only the differences.",
      sets: "volume/backingStore",
    }),
  })
  .meta({ description: "A disk image in a storage pool. A machine's disk refers to its id, `POOL/VOLUME`." })
  .superRefine(xmlTexts())
  .superRefine(volumeRules);

export type VolumeInputs = z.output<typeof volumeInputs>;

export const volumeOutputs = z.object({
  path: z.string().meta({ description: "Path of the image on the host." }),
  capacity: z.string().meta({ description: "Size of the disk in the guest." }),
});

export type VolumeOutputs = OutputsOf<typeof volumeOutputs>;
