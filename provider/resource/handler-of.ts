import { KvmError } from "../values/errors";
import { checkInputs, type InputSchema, normaliseFields, parseInputs, pickInputs, previewedInputs } from "./check";
import { connectionSource, reportedWithSource, withConnection } from "./connection-source";
import { deepCheck } from "./deep-check";
import { type CommonInputs, isCutOff, type ResourceDefinition } from "./definition";
import { certainOf, type Change, changesBetween, effectsByPolicy, fieldsOf, plainEffects, uncertainties } from "./diff";
import type { Context, Handler, Properties } from "./handler";
import { containsUnknown, type Previewed } from "./known";
import { stateIn } from "./outputs";

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
