// Made by tools/generate.ts from the schemas in provider/; change those and run `npm run generate`.
import type * as pulumi from "@pulumi/pulumi";
import type { InstallerIsoArgs, MachineArgs, NetworkArgs, StoragePoolArgs, VolumeArgs } from "./args.gen";
import { KvmResource } from "./resource";

/** An installer ISO with the answers for an unattended installation. Its id is the value of a machine's `installer`. */
export class InstallerIso extends KvmResource {
  /** File name of the new ISO without .iso. */
  declare readonly name: pulumi.Output<string>;
  /** Path of the ISO on the host; also the resource's id. */
  declare readonly path: pulumi.Output<string>;
  /** The release that it installs, as named by its installer. */
  declare readonly release: pulumi.Output<string>;
  /** The account that can log in by SSH after the installation. Undefined if the options create none. */
  declare readonly login: pulumi.Output<string | undefined>;
  /** Public SSH host keys of the installed system. */
  declare readonly hostKeys: pulumi.Output<string[]>;

  constructor(name: string, args: InstallerIsoArgs, opts: pulumi.CustomResourceOptions = {}) {
    super({"kind":"InstallerIso","handler":"installerIso","outputs":["path","release","login","hostKeys"]}, name, args, opts);
  }
}

/** A virtual machine: a libvirt domain, installed from an InstallerIso when it is created. */
export class Machine extends KvmResource {
  /** Name of the libvirt domain. */
  declare readonly name: pulumi.Output<string>;
  /** UUID of the libvirt domain. */
  declare readonly uuid: pulumi.Output<string>;
  /** One for each NIC, in their order. */
  declare readonly macAddresses: pulumi.Output<string[]>;
  /** The known addresses, those of IPv4 first, in the order of the NICs. */
  declare readonly addresses: pulumi.Output<string[]>;
  /**
   * Command that logs in as the installed account and checks the host key. Undefined until an address is known, during
   * an installation, and if no account can log in by SSH (a password of root is not enough).
   */
  declare readonly sshCommand: pulumi.Output<string | undefined>;
  /**
   * Ansible inventory of this machine, in YAML, with the installed account and the host key: write it to a file for
   * `ansible-playbook -i`. Undefined when `sshCommand` is.
   */
  declare readonly ansibleInventory: pulumi.Output<string | undefined>;
  /** Lines for a known_hosts file; empty if the machine makes its own host keys. */
  declare readonly knownHosts: pulumi.Output<string>;
  /** File on the host with the output of the first serial port. */
  declare readonly consoleLogPath: pulumi.Output<string>;
  /** The release that was installed, as named by its installer. Undefined if nothing was installed. */
  declare readonly release: pulumi.Output<string | undefined>;
  /**
   * State of the machine's installation: `installing`, `failed` or `complete`. Undefined if it was not installed by
   * kvm-deploy.
   */
  declare readonly installation: pulumi.Output<"installing" | "failed" | "complete" | undefined>;
  /** Paths of the changed inputs that wait for the machine's next restart. */
  declare readonly waitingForRestart: pulumi.Output<string[]>;

  constructor(name: string, args: MachineArgs, opts: pulumi.CustomResourceOptions = {}) {
    super({"kind":"Machine","handler":"machine","outputs":["uuid","macAddresses","addresses","sshCommand","ansibleInventory","knownHosts","consoleLogPath","release","installation","waitingForRestart"]}, name, args, opts);
  }
}

/** A libvirt virtual network: NAT, isolated or routed, or a bridge or device of the host. */
export class Network extends KvmResource {
  /** Name of the libvirt network. */
  declare readonly name: pulumi.Output<string>;
  /** UUID of the libvirt network. */
  declare readonly uuid: pulumi.Output<string>;
  /** Name of the network's bridge on the host; empty if guests are on devices. */
  declare readonly bridgeName: pulumi.Output<string>;
  /** Paths of the changed fields that wait for the network's next restart. */
  declare readonly waitingForRestart: pulumi.Output<string[]>;
  /**
   * What the next `up` does to the running network although no input changes, in sentences: another program has
   * changed the network.
   */
  declare readonly notInForce: pulumi.Output<string[]>;

  constructor(name: string, args: NetworkArgs, opts: pulumi.CustomResourceOptions = {}) {
    super({"kind":"Network","handler":"network","outputs":["uuid","bridgeName","waitingForRestart","notInForce"]}, name, args, opts);
  }
}

/** A libvirt storage pool: a directory of the host, or other storage. An existing pool needs no StoragePool: name it in the volumes. */
export class StoragePool extends KvmResource {
  /** Name of the libvirt storage pool. */
  declare readonly name: pulumi.Output<string>;
  /**
   * Directory of the volumes on the host, or mount point of the file system; created if it is missing. Not for
   * logical, iscsi, rbd and zfs.
   */
  declare readonly path: pulumi.Output<string | undefined>;
  /** UUID of the libvirt storage pool. */
  declare readonly uuid: pulumi.Output<string>;

  constructor(name: string, args: StoragePoolArgs, opts: pulumi.CustomResourceOptions = {}) {
    super({"kind":"StoragePool","handler":"storagePool","outputs":["uuid"]}, name, args, opts);
  }
}

/** A disk image in a storage pool. A machine's disk refers to its id, `POOL/VOLUME`. */
export class Volume extends KvmResource {
  /** Name of the volume in its pool. */
  declare readonly name: pulumi.Output<string>;
  /** Name of its storage pool. */
  declare readonly pool: pulumi.Output<string>;
  /**
   * Size of the disk in the guest. It can grow, but not shrink.
   * @example "20GiB"
   */
  declare readonly size: pulumi.Output<string | undefined>;
  /** Path of the image on the host. */
  declare readonly path: pulumi.Output<string>;
  /** Size of the disk in the guest. */
  declare readonly capacity: pulumi.Output<string>;

  constructor(name: string, args: VolumeArgs, opts: pulumi.CustomResourceOptions = {}) {
    super({"kind":"Volume","handler":"volume","outputs":["path","capacity"]}, name, args, opts);
  }
}
