import type { InputSchema } from "./check";
import type { Change } from "./diff";
import type { Context, Created, Failure, Properties, Read } from "./handler";
import type { Previewed } from "./known";
import type { OutputSchema, State } from "./outputs";
import type { PolicyTable } from "./policy";

/** The inputs that every resource has. */
export interface CommonInputs extends Properties {
  readonly connection: string;
}

/** The parts of a resource; `handlerOf` combines them into the handler that Pulumi calls. */
export interface ResourceDefinition<Inputs extends CommonInputs, Outputs extends object> {
  readonly schema: InputSchema<Inputs>;
  /** What it computes. */
  readonly outputs: OutputSchema<Outputs>;
  readonly policies: PolicyTable<Inputs>;
  /**
   * The effects of the changes, and the machines that they affect, in sentences for the preview. May read the host,
   * because it is called only if something changes. `effectsByPolicy` returns the plain sentences.
   */
  effects?(change: Changed<Inputs, Outputs>, context: Context): Promise<readonly string[]>;
  /**
   * Outstanding work that these inputs now allow, in sentences: it needs an update even if no field changes. Called at
   * every preview, so it must read little of the host.
   */
  outstanding?(
    news: Previewed<Inputs>,
    state: State<Outputs>,
    context: Context,
  ): readonly string[] | Promise<readonly string[]>;
  /**
   * What `up` does with a thing whose creation was interrupted, in a sentence; undefined if it only continues. Called at
   * every preview of such a thing.
   */
  unfinished?(news: Previewed<Inputs>, state: State<Outputs>, context: Context): Promise<string | undefined>;
  /** Why a field of the policy `refuse` can't change, and what to do instead. */
  readonly refusal?: string;
  /** Other changes that are impossible, with what to do instead. */
  refuse?(olds: Inputs, news: Previewed<Inputs>, context: Context): Promise<readonly Failure[]>;
  /** Checks the host before a new thing is created: a failure at `up` should be a failure at preview. */
  inspect?(inputs: Previewed<Inputs>, context: Context): Promise<unknown>;
  /** Fields whose change checks an existing thing again, like a new one. */
  readonly inspectedFields?: readonly (keyof Inputs & string)[];
  /**
   * Adds inputs that follow from others, such as a digest of files. While something is unknown, only its failures for the
   * known part count. @param before those of the last deployment. Throws if they are invalid.
   */
  derive?(inputs: Inputs, context: Context, before: Inputs | undefined): Promise<Inputs>;
  /** Paths of the derived inputs. */
  readonly derived?: readonly string[];
  create(inputs: Inputs, context: Context): Promise<Created>;
  /** @param state the outputs of the last deployment or refresh */
  read(id: string, inputs: Inputs, state: State<Outputs>, context: Context): Promise<Read | undefined>;
  update(id: string, olds: Inputs, news: Inputs, state: State<Outputs>, context: Context): Promise<Properties>;
  delete(id: string, inputs: Inputs, state: State<Outputs>, context: Context): Promise<void>;
}

/** The changes of one resource that are certain, for the functions that describe them. */
export interface Changed<Inputs, Outputs = Properties> {
  readonly changes: readonly Change[];
  /** Undefined if an earlier release wrote inputs that can't be read any more. */
  readonly olds: Inputs | undefined;
  readonly news: Previewed<Inputs>;
  /** The outputs of the last deployment or refresh. */
  readonly state: State<Outputs>;
}

/**
 * The outputs of a thing whose creation was interrupted: the next `up` must continue with it, whatever else changes.
 */
export function cutOff(outputs: Properties): Properties {
  return { ...outputs, pending: true };
}

export function isCutOff(state: Properties): boolean {
  return state["pending"] === true;
}
