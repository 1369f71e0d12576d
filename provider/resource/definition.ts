import { KvmError } from "../values/errors";
import {
  type Checked,
  checkInputs,
  type InputSchema,
  normaliseFields,
  parseInputs,
  pickInputs,
  previewedInputs,
} from "./check";
import { type Change, changesBetween, effectsByPolicy, fieldsOf, plainEffects, uncertainties } from "./diff";
import type { CheckResult, Context, Created, Failure, Handler, Properties, Read } from "./handler";
import { containsUnknown, type Previewed } from "./known";
import { type OutputSchema, type State, stateIn } from "./outputs";
import { Namesake } from "./ownership";
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

/** Several failures of a check at once. */
export class Refused extends Error {
  readonly failures: readonly Failure[];

  constructor(failures: readonly Failure[]) {
    super(failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n"));
    this.failures = failures;
  }
}

export function handlerOf<Inputs extends CommonInputs, Outputs extends object>(
  resource: ResourceDefinition<Inputs, Outputs>,
): Handler {
  const { schema, outputs } = resource;
  return {
    async check(olds, news, context) {
      const report = reportedWithSource(connectionSource(olds, news, context));
      const checked = checkInputs(schema, withConnection(olds, news, context));
      return report(await deepCheck(resource, olds, checked, context));
    },
    async diff(_id, olds, news, context) {
      const changes = differences(resource, olds, news);
      const certain = certainOf(changes);
      const inputs = previewedInputs(schema, news) ?? refuseIncomplete(schema, news);
      const state = stateIn(outputs, olds);
      const pending = [
        ...(isCutOff(olds) ? [(await resource.unfinished?.(inputs, state, context)) ?? continues] : []),
        ...((await resource.outstanding?.(inputs, state, context)) ?? []),
      ];
      const effects = certain.length === 0 ? [] : await effectsOf(resource, certain, olds, inputs, context);
      return {
        changes: changes.length + pending.length > 0,
        // The engine calls with unknowns also while it deploys, and deletes what a diff would replace.
        replaces: fieldsOf(certain.filter(({ policy }) => policy === "replace")),
        notes: [...pending, ...effects, ...uncertainties(changes.filter((change) => !certain.includes(change)))],
      };
    },
    create: (inputs, context) => resource.create(required(schema, inputs), context),
    read: (id, state, context) => resource.read(id, saved(schema, state), stateIn(outputs, state), context),
    update: (id, olds, news, context) =>
      resource.update(id, saved(schema, olds), required(schema, news), stateIn(outputs, olds), context),
    delete: (id, state, context) => resource.delete(id, saved(schema, state), stateIn(outputs, state), context),
  };
}

const continues = "was not created completely; up continues with it";

/**
 * The differences that count. While something is unknown, nothing is derived: then the fields from which it is derived
 * count.
 */
function differences<Inputs extends CommonInputs>(
  { schema, policies, derived = [] }: Pick<ResourceDefinition<Inputs, object>, "schema" | "policies" | "derived">,
  olds: Properties,
  news: Properties,
): Change[] {
  const changes = changesBetween(schema, policies, olds, news);
  if (!containsUnknown(news)) return changes.filter(({ policy }) => policy !== "digested");
  return changes
    .filter(({ path }) => !derived.includes(path))
    .map((change) => (change.policy === "digested" ? { ...change, isUncertain: true } : change));
}

async function effectsOf<Inputs extends CommonInputs, Outputs extends object>(
  resource: ResourceDefinition<Inputs, Outputs>,
  changes: readonly Change[],
  state: Properties,
  news: Previewed<Inputs>,
  context: Context,
): Promise<readonly string[]> {
  const olds = parseInputs(resource.schema, state);
  const changed = { changes, olds, news, state: stateIn(resource.outputs, state) };
  return (await resource.effects?.(changed, context)) ?? effectsByPolicy(changes, plainEffects);
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

/** The checks that compare with the last deployment or read the host. */
async function deepCheck<Inputs extends CommonInputs, Outputs extends object>(
  resource: ResourceDefinition<Inputs, Outputs>,
  olds: Properties,
  { inputs: properties, failures, previewed: inputs }: Checked<Inputs>,
  context: Context,
): Promise<CheckResult> {
  if (inputs === undefined) return { inputs: properties, failures };
  const isNew = Object.keys(olds).length === 0;
  const changes = isNew ? [] : certainOf(changesBetween(resource.schema, resource.policies, olds, properties));
  const changed = fieldsOf(changes);
  const isInspected = isNew || resource.inspectedFields?.some((field) => changed.includes(field)) === true;
  const before = isNew ? undefined : parseInputs(resource.schema, olds);
  const refused =
    before === undefined
      ? []
      : [...refusedChanges(changes, resource.refusal), ...((await resource.refuse?.(before, inputs, context)) ?? [])];
  // The existing thing is still that of the replaced resource.
  const seer = context.replaced === undefined ? context : { ...context, identity: context.replaced.identity };
  const found = isInspected ? await failuresOf(() => inspected(resource, inputs, seer, isNew), context) : [];
  let derived = properties;
  const wrong = await failuresOf(async () => {
    const all = await inputs.beforeUnknown((known) => Promise.resolve(resource.derive?.(known, context, before)));
    if (inputs.complete !== undefined && all !== undefined) derived = all;
  }, context);
  return { inputs: derived, failures: withoutRepetitions([...refused, ...found, ...wrong]) };
}

function certainOf(changes: readonly Change[]): Change[] {
  return changes.filter(({ isUncertain }) => isUncertain !== true);
}

/**
 * If the thing may be replaced, the existing one may belong to the replaced resource, which the engine does not report.
 */
async function inspected<Inputs extends CommonInputs>(
  resource: Pick<ResourceDefinition<Inputs, object>, "inspect">,
  inputs: Previewed<Inputs>,
  context: Context,
  isNew: boolean,
): Promise<void> {
  try {
    await resource.inspect?.(inputs, context);
  } catch (error) {
    if (!(error instanceof Namesake) || !isNew) throw error;
    context.warn(error.doubt);
  }
}

/** The same failure may come from the check of the host and from `derive`: it is reported once. */
function withoutRepetitions(failures: readonly Failure[]): Failure[] {
  return [...new Map(failures.map((failure) => [`${failure.property}: ${failure.reason}`, failure])).values()];
}

function refusedChanges(changes: readonly Change[], refusal = "it is fixed at creation"): Failure[] {
  return changes
    .filter(({ policy }) => policy === "refuse")
    .map(({ path }) => ({ property: path, reason: `can't be changed: ${refusal}` }));
}

/** An error of a check is a failure, so that all failures are reported at once. */
async function failuresOf(work: () => Promise<void> | undefined, context: Context): Promise<readonly Failure[]> {
  try {
    await work();
    return [];
  } catch (error) {
    if (error instanceof Refused) return error.failures;
    if (!(error instanceof KvmError)) throw error;
    context.debug(error);
    return [{ property: error.property ?? "", reason: error.reason }];
  }
}

/**
 * The connection that the program gives, else that of the last deployment, also of a replaced resource: a changed
 * environment variable must not move a stack to another host. Only a new thing gets the default.
 */
function withConnection(olds: Properties, news: Properties, context: Context): Properties {
  const last = olds["connection"] ?? context.replaced?.inputs["connection"];
  return { ...news, connection: news["connection"] ?? last ?? context.defaultConnection };
}

/** The origin of the connection; undefined if the program itself names it. */
function connectionSource(olds: Properties, news: Properties, context: Context): string | undefined {
  if (news["connection"] !== undefined)
    return context.isConnectionConfigured === true ? "kvm:connection of the stack's configuration" : undefined;
  if (olds["connection"] !== undefined) return "the last deployment";
  return context.defaultConnection === "qemu:///system" ? "the default" : "the environment's KVM_DEPLOY_CONNECTION";
}

/** An error of a connection includes where the connection comes from. */
function reportedWithSource(source: string | undefined): (checked: CheckResult) => CheckResult {
  if (source === undefined) return (checked) => checked;
  const reported = ({ property, reason }: Failure) =>
    property === "connection" ? { property, reason: `${reason}. It comes from ${source}` } : { property, reason };
  return ({ inputs, failures }) => ({ inputs, failures: failures.map(reported) });
}

/**
 * The inputs in a state. A refresh reads changes by other programs into the state, and they may break the rules of
 * inputs.
 */
function saved<Inputs>(schema: InputSchema<Inputs>, state: Properties): Inputs {
  return normaliseFields(schema, state) as unknown as Inputs;
}

function required<Inputs>(schema: InputSchema<Inputs>, properties: Properties): Inputs {
  const parsed = schema.safeParse(pickInputs(schema, properties));
  return parsed.success ? parsed.data : refuseIncomplete(schema, properties);
}

/** The engine passes inputs that a check has accepted. */
function refuseIncomplete(schema: InputSchema<unknown>, properties: Properties): never {
  const [failure] = checkInputs(schema, pickInputs(schema, properties)).failures;
  throw new KvmError("invalid-input", failure?.reason ?? "the inputs are not complete", {
    ...(failure === undefined ? {} : { property: failure.property }),
  });
}
