import type * as pulumi from "@pulumi/pulumi";
import type { StoragePoolArgs } from "./args.gen";
import { KvmResource, type ResourceKind } from "./resource";

/** A libvirt storage pool: a directory of the host, or other storage. An existing pool needs no StoragePool: name it in the volumes. */
export class StoragePool extends KvmResource {
  /** Name of the libvirt storage pool. */
  declare readonly name: pulumi.Output<string>;
  declare readonly uuid: pulumi.Output<string>;
  declare readonly path: pulumi.Output<string | undefined>;

  constructor(name: string, args: StoragePoolArgs, opts: pulumi.CustomResourceOptions = {}) {
    super(kind, name, args, opts);
  }
}

const kind: ResourceKind = { kind: "StoragePool", handler: "storagePool", outputs: ["uuid"] };
