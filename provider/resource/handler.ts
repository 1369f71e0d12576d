import type { Host } from "./host";

/**
 * A resource's properties as Pulumi transports them: plain JSON. Keys with two leading underscores belong to the engine
 * and to kvm-deploy.
 */
export type Properties = Readonly<Record<string, unknown>>;

/** One refused input. */
export interface Failure {
  /** Property path, such as `nics[1].address`; empty for the resource as a whole. */
  readonly property: string;
  /** The error, the value, what is allowed and what to do. */
  readonly reason: string;
}

export interface CheckResult {
  /** The normalised inputs, with defaults; values that are unknown at preview are unchanged. */
  readonly inputs: Properties;
  readonly failures: readonly Failure[];
}

export interface DiffResult {
  readonly changes: boolean;
  /** The changed fields that need a new thing in place of the old one. */
  readonly replaces: readonly string[];
  /** Sentences for the preview: the effects of the change on running machines, and what waits. */
  readonly notes: readonly string[];
}

export interface Created {
  readonly id: string;
  readonly outputs: Properties;
}

export interface Read extends Created {
  /** The actual inputs on the host: differences from the program are drift. */
  readonly inputs: Properties;
}

/** A resource that is deleted so that another one replaces it, or that other one. */
export interface Replaced {
  readonly identity: string;
  /** Its inputs from its last check. */
  readonly inputs: Properties;
}

/** The surroundings of a handler's call. */
export interface Context {
  /** The resource's URN, for people: marks on the host contain it. A renamed stack or an alias changes it. */
  readonly urn: string;
  /**
   * Identifies the resource: a random UUID from its creation, in its state and in its mark on the host. A thing belongs
   * to the resource if it has this identity, whatever its name.
   */
  readonly identity: string;
  /**
   * In the check and the create of a resource that replaces another one: the inputs and identity of the replaced one.
   */
  readonly replaced?: Replaced | undefined;
  /** In a check: the inputs of the program's other resources that were checked earlier, as the program gives them. */
  readonly others?: (() => readonly Properties[]) | undefined;
  /** In the delete of a resource that is replaced: the inputs and identity of the new one. */
  readonly replacedBy?: Replaced | undefined;
  /** Opens the host of a connection URI; the same URI gives the same host. */
  readonly host: (connection: string) => Host;
  /** The connection URI of resources that name none: `KVM_DEPLOY_CONNECTION`, else `qemu:///system`. */
  readonly defaultConnection: string;
  /** Whether the connection among the inputs comes from the stack's configuration, not from the program. */
  readonly isConnectionConfigured?: boolean;
  /** Whether a read is the engine's refresh, whose result gets into the state. */
  readonly isRefresh?: boolean;
  /** Shows a stage in the resource's own row; never with a secret. */
  readonly progress: (text: string) => void;
  /** Adds a message to the resource's diagnostics. */
  readonly warn: (text: string) => void;
  /** For a failure that is reported as a text: programs' own messages are kept for the debug log. */
  readonly debug: (failure: unknown) => void;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
}

/**
 * The interface of every resource. It has no Pulumi types: `dynamic.ts` serves it as a dynamic provider. `olds` may
 * come from an earlier release: a handler accepts every shape that was ever released.
 */
export interface Handler {
  /** @param olds the inputs of the last deployment; empty for a new thing. */
  check(olds: Properties, news: Properties, context: Context): Promise<CheckResult>;
  /** @param olds the outputs of the last deployment, or of the last refresh. */
  diff(id: string, olds: Properties, news: Properties, context: Context): Promise<DiffResult>;
  create(inputs: Properties, context: Context): Promise<Created>;
  /** Undefined if the thing no longer exists. Never waits for a guest. */
  read(id: string, state: Properties, context: Context): Promise<Read | undefined>;
  /** Returns the complete outputs. */
  update(id: string, olds: Properties, news: Properties, context: Context): Promise<Properties>;
  /** Succeeds if the thing does not exist. Changes nothing without kvm-deploy's mark. */
  delete(id: string, state: Properties, context: Context): Promise<void>;
}
