import type * as pulumi from "@pulumi/pulumi";
import type { InstallerIsoArgs } from "./args.gen";
import { KvmResource, type ResourceKind } from "./resource";

/** An installer ISO with the answers that make it install unattended. Its id goes into a machine's `installer`. */
export class InstallerIso extends KvmResource {
  /** Path of the ISO on the host. */
  declare readonly path: pulumi.Output<string>;
  /** The release that it installs, as named by the installer. */
  declare readonly release: pulumi.Output<string>;
  /** The account that the installation gives a key or password to. */
  declare readonly login: pulumi.Output<string>;
  /** Public SSH host keys of what it installs. */
  declare readonly hostKeys: pulumi.Output<string[]>;

  constructor(name: string, args: InstallerIsoArgs, opts: pulumi.CustomResourceOptions = {}) {
    super(kind, name, args, opts);
  }
}

const kind: ResourceKind = {
  kind: "InstallerIso",
  handler: "installerIso",
  outputs: ["path", "release", "login", "hostKeys"],
};
