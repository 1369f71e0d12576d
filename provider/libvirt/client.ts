/** The kinds of libvirt objects that have a name, a UUID, a definition and a running state. */
export type Kind = "domain" | "network" | "pool";

export interface Entry {
  readonly name: string;
  readonly uuid: string;
  readonly isActive: boolean;
}

export interface DomainState {
  /** `virsh domstate`: "running", "shut off", "paused", … */
  readonly state: string;
  /** `virsh domstate --reason`: "booted", "shutdown", "destroyed", "crashed", … */
  readonly reason: string;
}

/** What a running domain's devices have transferred since its start, such as `block.0.wr.bytes`: as `virsh domstats` has it. */
export type DomainCounters = ReadonlyMap<string, number>;

export interface Lease {
  readonly mac: string;
  readonly address: string;
}

/** A part of a network that changes while it runs. */
export interface NetworkUpdate {
  readonly command: "add-last" | "delete" | "modify";
  readonly section: NetworkSection;
  readonly xml: string;
  /** For an element in an `<ip>`: the index of that `<ip>`. */
  readonly parentIndex?: number | undefined;
}

export type NetworkSection = "ip-dhcp-host" | "ip-dhcp-range" | "dns-host" | "dns-txt" | "dns-srv" | "portgroup";

/** The operations of domains, networks and pools. */
export interface ObjectVerbs {
  /** Fails with a clear error if the daemon can't be reached. */
  list(kind: Kind): Promise<readonly Entry[]>;
  find(kind: Kind, name: string): Promise<Entry | undefined>;
  exists(kind: Kind, uuid: string): Promise<boolean>;
  /**
   * The persistent definition, also of a running object; with the display's password, which a new definition would
   * lose.
   */
  definition(kind: Kind, uuid: string): Promise<string | undefined>;
  /** The definition in force: for a running object the live one. */
  liveDefinition(kind: Kind, uuid: string): Promise<string | undefined>;
  isActive(kind: Kind, uuid: string): Promise<boolean>;
  hasAutostart(kind: Kind, uuid: string): Promise<boolean>;
  /** Validated against libvirt's schema: without validation, libvirt drops unknown elements silently. */
  define(kind: Kind, xml: string): Promise<void>;
  setAutostart(kind: Kind, uuid: string, on: boolean): Promise<void>;
  /**
   * Succeeds if the object is active already.
   * @param options of a domain: freshNvram: its own NVRAM file is created from the firmware's template, even if it
   * exists; boots: the domain boots, and a saved state is discarded
   */
  start(kind: Kind, uuid: string, options?: { readonly freshNvram?: boolean; readonly boots?: boolean }): Promise<void>;
  /** Stops it at once (a domain: like a power failure). Succeeds if it is inactive already. */
  stop(kind: Kind, uuid: string): Promise<void>;
  /**
   * Deletes the definition; of a domain also NVRAM (unless kept), TPM state, saved state and snapshots' metadata, never
   * a disk.
   */
  undefine(kind: Kind, uuid: string, options?: { readonly keepNvram?: boolean }): Promise<void>;
}

/** Data of a domain that libvirt keeps outside of its definition. */
export type KeptState = "a saved state" | "snapshots" | "checkpoints";

export interface DomainVerbs {
  domainState(uuid: string): Promise<DomainState | undefined>;
  /** Counters that libvirt can't read at once are missing; none if the domain is off or does not exist. */
  counters(uuid: string): Promise<DomainCounters>;
  /** A picture of the display, PNG or PPM; fails without a graphics card. */
  screenshot(uuid: string): Promise<Uint8Array>;
  /** Whether it has a persistent definition; a transient object disappears when it stops. */
  isPersistent(uuid: string): Promise<boolean>;
  /** Reasons why it can't be renamed. */
  keptStates(uuid: string): Promise<readonly KeptState[]>;
  /** Renames a domain that is off, with its own NVRAM file. Succeeds if it has that name already. */
  rename(uuid: string, name: string): Promise<void>;
  /** Requests a shutdown by the guest (ACPI), and does not wait. Succeeds if the domain is off or does not exist. */
  shutdown(uuid: string): Promise<void>;
  /** Resizes a disk of a running domain. */
  resizeBlock(uuid: string, path: string, bytes: number): Promise<void>;
  /**
   * Changes only the running domain. libvirt reports success even if the guest didn't follow. Succeeds if the domain is
   * off or does not exist, because there is nothing to change.
   * @param isReached whether the definition in force has the change already, made by another program
   */
  changeLive(uuid: string, change: LiveChange, isReached?: (live: string) => boolean): Promise<void>;
  /** By the machines' UUIDs: the definitions that saved states and snapshots would restore. */
  keptDefinitions(): Promise<ReadonlyMap<string, readonly string[]>>;
  /** The addresses from the guest agent; fails if the agent doesn't answer at once. */
  agentAddresses(uuid: string): Promise<readonly Lease[]>;
}

export type LiveChange =
  | { readonly kind: "attach-device" | "detach-device" | "update-device"; readonly xml: string }
  | { readonly kind: "vcpus"; readonly count: number }
  | { readonly kind: "memory"; readonly kibibytes: number }
  /** An empty text takes it away. */
  | { readonly kind: "title" | "description"; readonly text: string }
  /** The element of that namespace; undefined takes it away. It is a program's argument: nothing secret. */
  | {
      readonly kind: "metadata";
      readonly namespace: string;
      readonly prefix: string;
      readonly xml: string | undefined;
    };

export interface NetworkVerbs {
  /** @param scope only the network in force, or its definition too */
  updateNetwork(uuid: string, update: NetworkUpdate, scope?: "live" | "both"): Promise<void>;
  /** Starts a network without a persistent definition: it disappears when it stops. */
  startTransient(xml: string): Promise<void>;
  /**
   * The ports of a network as libvirt lists them: the `portid` of guests' interfaces. None if the network is inactive.
   */
  networkPorts(uuid: string): Promise<readonly string[]>;
  leases(networkUuid: string): Promise<readonly Lease[]>;
}

/** A secret that libvirt keeps; only its names. */
export interface SecretEntry {
  readonly uuid: string;
  readonly usage: string;
}

/** A volume whose content is copied. */
export interface VolumeSource {
  readonly pool: string;
  readonly name: string;
}

export interface VolumeCreation {
  /** A volume to copy the content from, in the new volume's format. */
  readonly source?: VolumeSource;
  readonly preallocate?: boolean;
  /** Lets the program that creates the volume record it, so a kill of this process can't come between. */
  readonly note?: VolumeNote;
}

export interface VolumeNote {
  readonly name: string;
  /** The future path of the image, if it is a file. */
  readonly path: string;
  /** The file for the record: `file INODE …` of an image, or `key KEY` of a device, with libvirt's key. */
  readonly record: string;
  /** The file that is locked during the creation. */
  readonly busy: string;
}

/** `pool` is a pool's name, as in a volume's `POOL/VOLUME`: one look-up less than by its UUID. */
export interface StorageVerbs {
  /** `virsh pool-capabilities`: the kinds of pools that have a driver. */
  poolCapabilities(): Promise<string>;
  secrets(): Promise<readonly SecretEntry[]>;
  /** Creates the directory or other storage of a defined pool. */
  buildPool(uuid: string): Promise<void>;
  /** Fails if the pool is not active. */
  volumes(pool: string): Promise<readonly string[]>;
  /**
   * Undefined also if the pool does not exist or is not active, because nothing is known of it then. libvirt may list
   * files that no longer exist on the disk: the pool is then refreshed.
   */
  volume(pool: string, name: string): Promise<string | undefined>;
  createVolume(pool: string, xml: string, options?: VolumeCreation): Promise<void>;
  /** Writes a file's content into a volume; holes stay holes. */
  uploadVolume(pool: string, name: string, file: string): Promise<void>;
  /** @param bytes the new capacity */
  resizeVolume(pool: string, name: string, bytes: number): Promise<void>;
  deleteVolume(pool: string, name: string): Promise<void>;
  /** Searches the pool for volumes of other programs. Does nothing while a volume is being created in the pool. */
  refreshPool(pool: string): Promise<void>;
}

/**
 * The operations of libvirt that kvm-deploy uses. Look-ups return undefined for a missing object, which is decided by
 * listing, never by an error's text; every other failure is thrown. Domains, networks and pools are addressed by UUID:
 * libvirt would read a name of digits as a running domain's id.
 */
export interface Libvirt extends ObjectVerbs, DomainVerbs, NetworkVerbs, StorageVerbs {
  /** `virsh capabilities`: the host's CPU, and the guests that it can run. */
  capabilities(): Promise<string>;
}
