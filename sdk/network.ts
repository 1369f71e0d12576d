import type * as pulumi from "@pulumi/pulumi";
import type { NetworkArgs } from "./args.gen";
import { KvmResource, type ResourceKind } from "./resource";

/** A libvirt virtual network: NAT, isolated or routed, or a bridge or device of the host. */
export class Network extends KvmResource {
  /** Name of the libvirt network. */
  declare readonly name: pulumi.Output<string>;
  declare readonly uuid: pulumi.Output<string>;
  /** Name of the network's bridge on the host; empty where guests are on devices. */
  declare readonly bridgeName: pulumi.Output<string>;
  /** Paths of the fields whose change waits for the network's next restart. */
  declare readonly waitingForRestart: pulumi.Output<string[]>;

  /** What the next `up` does to the running network although no input changes, in sentences: another program has changed it. */
  declare readonly notInForce: pulumi.Output<string[]>;

  constructor(name: string, args: NetworkArgs, opts: pulumi.CustomResourceOptions = {}) {
    super(kind, name, args, opts);
  }
}

const kind: ResourceKind = {
  kind: "Network",
  handler: "network",
  outputs: ["uuid", "bridgeName", "waitingForRestart", "notInForce"],
};
