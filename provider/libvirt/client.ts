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

export interface Lease {
  readonly mac: string;
  readonly address: string;
}

/** A part of a network that changes while it runs. */
export interface NetworkUpdate {
  readonly command: "add-last" | "delete" | "modify";
  readonly section: NetworkSection;
  readonly xml: string;
  /** For what lies in an `<ip>`: its place among them. */
  readonly parentIndex?: number | undefined;
}

export type NetworkSection = "ip-dhcp-host" | "ip-dhcp-range" | "dns-host" | "dns-txt" | "dns-srv" | "portgroup";

/** What is the same for domains, networks and pools. */
export interface ObjectVerbs {
  /** Fails with a clear error when the daemon can't be reached. */
  list(kind: Kind): Promise<readonly Entry[]>;
  find(kind: Kind, name: string): Promise<Entry | undefined>;
  exists(kind: Kind, uuid: string): Promise<boolean>;
  /** The persistent definition, also of a running object; with a screen's password, which defining it again would lose. */
  definition(kind: Kind, uuid: string): Promise<string | undefined>;
  /** The definition in force: of a running object the live one. */
  liveDefinition(kind: Kind, uuid: string): Promise<string | undefined>;
  isActive(kind: Kind, uuid: string): Promise<boolean>;
  hasAutostart(kind: Kind, uuid: string): Promise<boolean>;
  /** Validated against libvirt's schema: without that, unknown elements are dropped without a word. */
  define(kind: Kind, xml: string): Promise<void>;
  setAutostart(kind: Kind, uuid: string, on: boolean): Promise<void>;
  /**
   * Succeeds when it is active already.
   * @param options of a domain: freshNvram: its own NVRAM file begins as the firmware's template, whatever lies there;
   * boots: it boots, and a saved state is thrown away
   */
  start(kind: Kind, uuid: string, options?: { readonly freshNvram?: boolean; readonly boots?: boolean }): Promise<void>;
  /** Ends it at once (a domain: like pulling the plug). Succeeds when it is inactive already. */
  stop(kind: Kind, uuid: string): Promise<void>;
  /** Forgets the definition; of a domain also NVRAM (unless kept), TPM state, saved state and snapshots' metadata, never a disk. */
  undefine(kind: Kind, uuid: string, options?: { readonly keepNvram?: boolean }): Promise<void>;
}

/** What libvirt keeps of a domain beside its definition. */
export type KeptState = "a saved state" | "snapshots" | "checkpoints";

export interface DomainVerbs {
  domainState(uuid: string): Promise<DomainState | undefined>;
  /** Whether it has a definition that outlives it; one without vanishes when it stops. */
  isPersistent(uuid: string): Promise<boolean>;
  /** What keeps it from being renamed. */
  keptStates(uuid: string): Promise<readonly KeptState[]>;
  /** Of one that is off; its own NVRAM file goes along. Succeeds when it has that name already. */
  rename(uuid: string, name: string): Promise<void>;
  /** Asks the guest to power off (ACPI); does not wait. Succeeds when it is off, or gone. */
  shutdown(uuid: string): Promise<void>;
  /** Grows a disk of a running domain. */
  resizeBlock(uuid: string, path: string, bytes: number): Promise<void>;
  /**
   * Changes the running domain alone. libvirt reports success also where the guest didn't follow. One that is off, or gone,
   * has nothing to change: that succeeds.
   * @param isReached whether the definition in force has the change already, by another program's doing
   */
  changeLive(uuid: string, change: LiveChange, isReached?: (live: string) => boolean): Promise<void>;
  /** By the machines' UUIDs: the definitions that saved states and snapshots would bring back. */
  keptDefinitions(): Promise<ReadonlyMap<string, readonly string[]>>;
  /** The addresses that the guest agent tells; fails when it doesn't answer at once. */
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
  /** @param scope what is in force alone, or its definition too */
  updateNetwork(uuid: string, update: NetworkUpdate, scope?: "live" | "both"): Promise<void>;
  /** Starts a network that has no persistent definition: it is gone when it stops. */
  startTransient(xml: string): Promise<void>;
  /** What is plugged into a network, as libvirt keeps it: the `portid` of guests' interfaces. None when it is inactive. */
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
  /** A volume whose content it gets, in its own format. */
  readonly source?: VolumeSource;
  readonly preallocate?: boolean;
  /** Has what was made noted by the program that makes it, so that no kill of ours comes between. */
  readonly note?: VolumeNote;
}

export interface VolumeNote {
  readonly name: string;
  /** Where its image will lie, when it is a file. */
  readonly path: string;
  /** The file that gets `file INODE …` of an image, or `key KEY` of a device, by libvirt's key. */
  readonly record: string;
  /** The file that is locked as long as it is being made. */
  readonly busy: string;
}

/** `pool` is a pool's name, by which a volume's `POOL/VOLUME` names it: one look-up less than by its UUID. */
export interface StorageVerbs {
  /** `virsh pool-capabilities`: the kinds of pools that there is a driver for. */
  poolCapabilities(): Promise<string>;
  secrets(): Promise<readonly SecretEntry[]>;
  /** Makes the folder or other storage of a defined pool. */
  buildPool(uuid: string): Promise<void>;
  /** Fails when the pool is not active. */
  volumes(pool: string): Promise<readonly string[]>;
  /**
   * Undefined also when the pool is absent or not active: nothing can be told of it then. What libvirt lists may be gone
   * from the disk: then the pool is read anew.
   */
  volume(pool: string, name: string): Promise<string | undefined>;
  createVolume(pool: string, xml: string, options?: VolumeCreation): Promise<void>;
  /** Writes a file's content into a volume; holes stay holes. */
  uploadVolume(pool: string, name: string, file: string): Promise<void>;
  /** @param bytes the new capacity */
  resizeVolume(pool: string, name: string, bytes: number): Promise<void>;
  deleteVolume(pool: string, name: string): Promise<void>;
  /** Looks for what others have put into the pool. Nothing happens while a volume is being made in it. */
  refreshPool(pool: string): Promise<void>;
}

/**
 * What kvm-deploy asks of libvirt. Look-ups return undefined for what is absent, which is decided by listing,
 * never by an error's text; every other failure is raised. Domains, networks and pools are addressed by UUID: libvirt takes
 * a name made of digits for a running domain's id.
 */
export interface Libvirt extends ObjectVerbs, DomainVerbs, NetworkVerbs, StorageVerbs {
  /** `virsh capabilities`: the host's CPU and what it can run. */
  capabilities(): Promise<string>;
}
