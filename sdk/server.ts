import * as pulumi from "@pulumi/pulumi";
import { expandServer, type NetworkInputs } from "../provider/config/compact/server";
import { replaceReferences } from "../provider/config/references";
import type {
  InstallerIsoArgs,
  InstallerIsoSourceArgs,
  InstallerIsoSystemArgs,
  MachineArgs,
  MachineDiskArgs,
  MachineNicArgs,
  VolumeArgs,
} from "./args.gen";
import { InstallerIso, Machine, Network, Volume } from "./resources.gen";
import type { Size } from "../provider/values/units";

/** A disk: the inputs of its Volume, and those of the machine's disk. `volume` or `file` names one that exists. */
export type ServerDiskArgs = Omit<VolumeArgs, "connection"> & Omit<MachineDiskArgs, "format">;

/** A NIC of a server, and what the guest is to know of its network. */
export interface ServerNicArgs extends Omit<MachineNicArgs, "network" | "address"> {
  /** A Network of the program, or the name of one that the host has. */
  readonly network?: Network | pulumi.Input<string> | undefined;
  /**
   * Fixed addresses, of IPv4 and IPv6. The length of the prefix follows from a Network of the program; otherwise it is written:
   * `172.16.1.10/24`. Default: by DHCP.
   */
  readonly address?: pulumi.Input<string | readonly string[] | undefined>;
  /** Address of the guest's router. Default: the host's address in a network of mode nat, route or open. */
  readonly gateway?: pulumi.Input<string | undefined>;
  /** Addresses of the guest's name servers. Default: the host's address in the network. */
  readonly dns?: pulumi.Input<readonly string[] | undefined>;
}

/** The arguments of a server: those of its Machine, and of what belongs to it alone. */
export interface ServerArgs
  extends
    Omit<MachineArgs, "memory" | "disks" | "nics" | "installer">,
    Pick<ServerNicArgs, "network" | "address" | "gateway" | "dns"> {
  /**
   * Main memory.
   * @default "2GiB" with `install`
   */
  readonly memory?: pulumi.Input<Size | undefined>;
  /** What is installed: a release by name, an ISO, or the arguments of the InstallerIso NAME-installer without `system`. */
  readonly install?:
    pulumi.Input<string> | InstallerIsoSourceArgs | Omit<InstallerIsoArgs, "system" | "connection"> | undefined;
  /** Options of the new system. Host name, domain and network follow from the server. */
  readonly system?: InstallerIsoSystemArgs | undefined;
  /** Public SSH keys that may log in as root: `system.rootKeys`. */
  readonly keys?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /** The first disk, of which the Volume is NAME-root: its size, or its arguments. */
  readonly disk?: pulumi.Input<Size> | ServerDiskArgs | undefined;
  /** The disks by their names, in the order of the machine: the Volumes are NAME-DISK. A list is that of a Machine. */
  readonly disks?:
    Readonly<Record<string, pulumi.Input<Size> | ServerDiskArgs>> | readonly MachineDiskArgs[] | undefined;
  /** The NICs, where `network` is not enough. */
  readonly nics?: readonly ServerNicArgs[] | undefined;
  /** Id of an InstallerIso, in place of `install`. */
  readonly installer?: pulumi.Input<string | undefined>;
}

/**
 * A machine with its own installer ISO and volumes. Which resources there are follows from the arguments' plain values; their
 * content may come from outputs. The resources have the parent of the server and are named NAME, NAME-installer and NAME-DISK:
 * so each keeps its URN, and a volume its content, when a program writes it out instead. To depend on a server means
 * `dependsOn: server.machine`.
 */
export class Server extends pulumi.ComponentResource {
  readonly machine: Machine;
  /** The volumes that belong to it, by the names of their resources, such as `web-root`. */
  readonly volumes: Readonly<Record<string, Volume>>;
  /** Undefined without `install`. */
  readonly installer: InstallerIso | undefined;
  readonly addresses: pulumi.Output<string[]>;
  readonly sshCommand: pulumi.Output<string | undefined>;
  readonly ansibleInventory: pulumi.Output<string | undefined>;
  readonly knownHosts: pulumi.Output<string>;

  /** @throws pulumi.RunError with all that is wrong, such as an address outside its network */
  constructor(name: string, args: ServerArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("kvm:index:Server", name, {}, opts);
    const parts = expandServer(name, { ...args }, networkInputs, lift);
    if (parts.slips.length > 0)
      throw new pulumi.RunError(parts.slips.map(({ path, message }) => `${name}: ${path}: ${message}`).join("\n"));
    const options = optionsOf(opts);
    const made = <Kind>(all: ReadonlyMap<string, unknown>, make: (key: string, inputs: never) => Kind) =>
      new Map([...all].map(([key, inputs]) => [key, make(key, inputs as never)]));
    const volumes = made(parts.volumes, (key, inputs) => new Volume(key, inputs, options));
    const installers = made(parts.installers, (key, inputs) => new InstallerIso(key, inputs, options));
    const wired = replaceReferences("machines", parts.machine, ({ to }, key) =>
      to === "volumes" ? volumes.get(key)?.id : to === "installers" ? installers.get(key)?.id : undefined,
    );
    this.machine = new Machine(name, { ...wired, ...nicsOf(wired) } as never, options);
    this.volumes = Object.fromEntries(volumes);
    this.installer = installers.get(`${name}-installer`);
    ({
      addresses: this.addresses,
      sshCommand: this.sshCommand,
      ansibleInventory: this.ansibleInventory,
      knownHosts: this.knownHosts,
    } = this.machine);
    const { addresses, sshCommand, ansibleInventory, knownHosts } = this;
    this.registerOutputs({ addresses, sshCommand, ansibleInventory, knownHosts });
  }
}

/** Options for the component that its resources have, too. */
function optionsOf(opts: pulumi.ComponentResourceOptions): pulumi.CustomResourceOptions {
  const { parent, protect, dependsOn, transformations, transforms, retainOnDelete, deletedWith } = opts;
  const options = { parent, protect, dependsOn, transformations, transforms, retainOnDelete, deletedWith };
  const given = Object.entries(options).filter(([, option]) => option !== undefined);
  return Object.fromEntries(given);
}

/** What a Network's own inputs say, as outputs. */
function networkInputs(network: unknown): NetworkInputs | undefined {
  if (!(network instanceof Network)) return undefined;
  const inputs = network as unknown as NetworkInputs;
  const names = ["mode", "ipv4", "ipv6", "dns", "domain"];
  return Object.fromEntries(names.flatMap((name) => (inputs[name] === undefined ? [] : [[name, inputs[name]]])));
}

function nicsOf({ nics }: Readonly<Record<string, unknown>>): object {
  if (!Array.isArray(nics)) return {};
  const named = (nics as readonly Readonly<Record<string, unknown>>[]).map((nic) => {
    const { network } = nic;
    return network instanceof Network ? { ...nic, network: network.name } : nic;
  });
  return { nics: named };
}

function lift(values: readonly unknown[], compute: (...values: readonly unknown[]) => unknown): unknown {
  if (!values.some(isLater)) return compute(...values);
  return pulumi.all([...values]).apply((known) => {
    try {
      return compute(...(known as readonly unknown[]));
    } catch (error) {
      throw new pulumi.RunError(error instanceof Error ? error.message : String(error));
    }
  });
}

/** Whether a value, or a part of it, is an output or a promise. */
function isLater(value: unknown): boolean {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(isLater);
}
