import type * as pulumi from "@pulumi/pulumi";
import type { VolumeArgs } from "./args.gen";
import { KvmResource, type ResourceKind } from "./resource";

/** A disk image in a storage pool. Its id, `POOL/VOLUME`, goes into a machine's disks. */
export class Volume extends KvmResource {
  /** Name of the volume in its pool. */
  declare readonly name: pulumi.Output<string>;
  declare readonly pool: pulumi.Output<string>;
  declare readonly size: pulumi.Output<string | undefined>;
  /** Size of the disk in the guest. */
  declare readonly capacity: pulumi.Output<string>;
  /** Path of the image on the host. */
  declare readonly path: pulumi.Output<string>;

  constructor(name: string, args: VolumeArgs, opts: pulumi.CustomResourceOptions = {}) {
    super(kind, name, args, opts);
  }
}

const kind: ResourceKind = { kind: "Volume", handler: "volume", outputs: ["path", "capacity"] };
