import { z } from "zod";
import { lostKeyProblem, lostKeysIn } from "../values/keys";
import type { CheckResult, Properties } from "./handler";
import { problemsOf } from "./issues";
import { Previewed, unknownValue } from "./known";

/** The schema of a resource's inputs: an object, so that its keys are known. */
export type InputSchema<Inputs> = z.ZodType<Inputs> & { readonly shape: Readonly<Record<string, z.ZodType>> };

/** Inputs that have been checked: normalised, with defaults, and what is unknown at preview as it came. */
export interface Checked<Inputs> extends CheckResult {
  /** Undefined when there are failures. */
  readonly previewed: Previewed<Inputs> | undefined;
}

/** Normalises and checks inputs, and returns every failure at once. What is unknown at preview is no failure. */
export function checkInputs<Inputs>(schema: InputSchema<Inputs>, news: Properties): Checked<Inputs> {
  const inputs = withoutInternals(news);
  const lost = lostKeysIn(inputs).map((property) => ({ property, reason: lostKeyProblem }));
  if (lost.length > 0) return { inputs, failures: lost, previewed: undefined };
  const parsed = previewSchema(schema).safeParse(inputs);
  if (parsed.success) return { inputs: parsed.data as Properties, failures: [], previewed: new Previewed(parsed.data) };
  return {
    inputs: { ...inputs, ...normaliseFields(schema, inputs) },
    failures: problemsOf(schema, parsed.error.issues).map(({ path, message }) => ({
      property: formatPath(path),
      reason: message,
    })),
    previewed: undefined,
  };
}

const previewSchemas = new WeakMap<z.ZodType, z.ZodType>();

/**
 * The schema of the same inputs at preview, where any value may be unknown. Its outputs are typed as if all were known:
 * they are for `Previewed` alone.
 */
export function previewSchema<Inputs>(schema: z.ZodType<Inputs>): z.ZodType<Inputs> {
  const made = previewSchemas.get(schema) ?? orUnknownWithin(schema);
  previewSchemas.set(schema, made);
  return made as z.ZodType<Inputs>;
}

function orUnknown(schema: z.ZodType): z.ZodType {
  const isWrapper = ["optional", "nullable", "default", "prefault"].includes(schema.def.type);
  return isWrapper ? orUnknownWithin(schema) : z.union([z.literal(unknownValue), orUnknownWithin(schema)]);
}

/** Its parts may be unknown, it itself is not. */
function orUnknownWithin(schema: z.ZodType): z.ZodType {
  const { def } = schema as z.ZodType & { readonly def: Parts };
  const parted = Object.entries({
    shape: def.shape && Object.fromEntries(Object.entries(def.shape).map(([key, part]) => [key, orUnknown(part)])),
    options: def.options?.map(orUnknownWithin),
    element: def.element && orUnknown(def.element),
    valueType: def.valueType && orUnknown(def.valueType),
    innerType: def.innerType && orUnknown(def.innerType),
  });
  const parts = Object.fromEntries(parted.filter(([, part]) => part !== undefined));
  return Object.keys(parts).length === 0 ? schema : z.core.clone(schema, { ...def, ...parts });
}

/** What the definitions of zod's types call the types that they consist of. */
interface Parts {
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly options?: readonly z.ZodType[];
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly innerType?: z.ZodType;
}

/** The inputs among a resource's properties, normalised; undefined where they break a rule. */
export function parseInputs<Inputs>(schema: InputSchema<Inputs>, properties: Properties): Inputs | undefined {
  const parsed = schema.safeParse(pickInputs(schema, properties));
  return parsed.success ? parsed.data : undefined;
}

/** The same at preview. */
export function previewedInputs<Inputs>(
  schema: InputSchema<Inputs>,
  properties: Properties,
): Previewed<Inputs> | undefined {
  const parsed = previewSchema(schema).safeParse(pickInputs(schema, properties));
  return parsed.success ? new Previewed(parsed.data) : undefined;
}

/** The inputs among a resource's properties, each normalised by itself; one that breaks a rule stays as it is. */
export function normaliseFields(schema: InputSchema<unknown>, properties: Properties): Properties {
  const fields = Object.entries(schema.shape).map(([field, type]) => {
    const parsed = previewSchema(type).safeParse(properties[field]);
    return [field, parsed.success ? parsed.data : properties[field]] as const;
  });
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

export function pickInputs(schema: InputSchema<unknown>, properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => Object.hasOwn(schema.shape, key)));
}

/** Keys that begin with two underscores belong to the engine (`__provider`) and to us (`__urn`). */
export function withoutInternals(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => !key.startsWith("__")));
}

/** `["disks", 0, "volume"]` is `disks[0].volume`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, "");
}
