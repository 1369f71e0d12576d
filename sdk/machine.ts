import type * as pulumi from "@pulumi/pulumi";
import type { MachineArgs } from "./args.gen";
import { KvmResource, type ResourceKind } from "./resource";

/** A virtual machine: a libvirt domain, installed from an InstallerIso when it is created. */
export class Machine extends KvmResource {
  /** Name of the libvirt domain. */
  declare readonly name: pulumi.Output<string>;
  declare readonly uuid: pulumi.Output<string>;
  /** One for each NIC, in their order. */
  declare readonly macAddresses: pulumi.Output<string[]>;
  /** The addresses that are known, those of IPv4 first, in the order of the NICs. */
  declare readonly addresses: pulumi.Output<string[]>;
  /** Command that logs in as the installed account and checks the host key. */
  declare readonly sshCommand: pulumi.Output<string>;
  /** Lines for a known_hosts file; empty when no host key was given. */
  declare readonly knownHosts: pulumi.Output<string>;
  /** File on the host that the first serial port is written to. */
  declare readonly consoleLogPath: pulumi.Output<string>;
  /** The release that was installed, as named by its installer. */
  declare readonly release: pulumi.Output<string>;
  /** Paths of the inputs whose change waits for the machine's next restart. */
  declare readonly waitingForRestart: pulumi.Output<string[]>;

  constructor(name: string, args: MachineArgs, opts: pulumi.CustomResourceOptions = {}) {
    super(kind, name, args, opts);
  }
}

const kind: ResourceKind = {
  kind: "Machine",
  handler: "machine",
  outputs: [
    "uuid",
    "macAddresses",
    "addresses",
    "sshCommand",
    "knownHosts",
    "consoleLogPath",
    "release",
    "waitingForRestart",
  ],
};
