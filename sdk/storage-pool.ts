import type * as pulumi from "@pulumi/pulumi";
import type { StoragePoolArgs } from "./args.gen";
import { KvmResource } from "./resource";

/** A libvirt storage pool in a folder of the host. One that exists already needs no StoragePool: name it in the volumes. */
export class StoragePool extends KvmResource {
  /** Name of the libvirt storage pool. */
  declare readonly name: pulumi.Output<string>;
  declare readonly uuid: pulumi.Output<string>;
  declare readonly path: pulumi.Output<string>;

  constructor(name: string, args: StoragePoolArgs, opts: pulumi.CustomResourceOptions = {}) {
    super("StoragePool", "storagePool", name, { ...args }, ["uuid"], opts);
  }
}
