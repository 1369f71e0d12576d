import type { Host } from "./host";

/** A resource's properties as they travel to and from Pulumi: plain JSON. Keys that begin with `__` are the engine's and ours. */
export type Properties = Readonly<Record<string, unknown>>;

/** One refused input. */
export interface Failure {
  /** Property path, such as `nics[1].address`; empty when it concerns the resource as a whole. */
  readonly property: string;
  /** What was wrong, the value got, what is allowed and what to do. */
  readonly reason: string;
}

export interface CheckResult {
  /** The normalised inputs, with defaults filled in; what is unknown at preview stays as it came. */
  readonly inputs: Properties;
  readonly failures: readonly Failure[];
}

export interface DiffResult {
  readonly changes: boolean;
  /** The changed fields that need a new thing in place of the old one. */
  readonly replaces: readonly string[];
  /** Sentences for the preview: what the change does to what runs, and what waits. */
  readonly notes: readonly string[];
}

export interface Created {
  readonly id: string;
  readonly outputs: Properties;
}

export interface Read extends Created {
  /** The inputs as they are on the host now: what differs from the program is drift. */
  readonly inputs: Properties;
}

/** A resource that goes, so that another one takes its place, or that other one. */
export interface Replaced {
  readonly identity: string;
  /** Its inputs, as its last check gave them. */
  readonly inputs: Properties;
}

/** What a handler may use beside its inputs. */
export interface Context {
  /** The resource's URN: how marks on the host name it to people. A renamed stack or an alias changes it. */
  readonly urn: string;
  /**
   * What the resource alone is known by: made when it is created, kept in its state and in its mark on the host. A thing is
   * the resource's if it has this identity, whatever its name.
   */
  readonly identity: string;
  /** In the check and the create of a resource that takes another one's place: the inputs and identity of that one. */
  readonly replaced?: Replaced | undefined;
  /** In a check: what the program's other resources were checked with so far, as the program gives it. */
  readonly others?: (() => readonly Properties[]) | undefined;
  /** In the delete of a resource whose place another one takes at once: the inputs and identity of that one. */
  readonly replacedBy?: Replaced | undefined;
  /** Opens the host of a connection URI; the same URI gives the same host. */
  readonly host: (connection: string) => Host;
  /** The connection URI of resources that name none: `KVM_DEPLOY_CONNECTION`, else `qemu:///system`. */
  readonly defaultConnection: string;
  /** Whether the connection among the inputs is the stack's configuration's, not one that the program names. */
  readonly isConnectionConfigured?: boolean;
  /** Shows a stage in the resource's own row; never with a secret. */
  readonly progress: (text: string) => void;
  /** Adds a message to the resource's diagnostics. */
  readonly warn: (text: string) => void;
  /** Of a failure that is told as a text: what programs said of it is kept for those who look closer. */
  readonly debug: (failure: unknown) => void;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
}

/**
 * What every resource implements. No Pulumi types: `dynamic.ts` serves it as a dynamic provider.
 * `olds` is what an earlier release may have written: a handler accepts every shape that was ever released.
 */
export interface Handler {
  /** @param olds the inputs of the last deployment; empty for a new thing. */
  check(olds: Properties, news: Properties, context: Context): Promise<CheckResult>;
  /** @param olds the outputs of the last deployment, or of the last refresh. */
  diff(id: string, olds: Properties, news: Properties, context: Context): Promise<DiffResult>;
  create(inputs: Properties, context: Context): Promise<Created>;
  /** Undefined when the thing is gone. Never waits for a guest. */
  read(id: string, state: Properties, context: Context): Promise<Read | undefined>;
  /** Returns the complete outputs. */
  update(id: string, olds: Properties, news: Properties, context: Context): Promise<Properties>;
  /** Succeeds when the thing is gone already. Touches nothing without our mark. */
  delete(id: string, state: Properties, context: Context): Promise<void>;
}
