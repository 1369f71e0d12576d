import type { z } from "zod";
import { lostKeyProblem, lostKeysIn } from "./config/keys";
import type { CheckResult, Properties } from "./handler";
import { problemsOf } from "./issues";

/** What Pulumi sends in place of a value that isn't known at preview. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The schema of a resource's inputs: an object, so that its keys are known. */
export type InputSchema<Inputs> = z.ZodType<Inputs> & { readonly shape: Readonly<Record<string, z.ZodType>> };

/**
 * Normalises and checks inputs, and returns every failure at once. What is unknown at preview is no failure, and stays as
 * it came; it is checked again when all is known.
 */
export function checkInputs(schema: InputSchema<unknown>, news: Properties): CheckResult {
  const inputs = withoutInternals(news);
  const lost = lostKeysIn(inputs).map((property) => ({ property, reason: lostKeyProblem }));
  if (lost.length > 0) return { inputs, failures: lost };
  const parsed = schema.safeParse(inputs);
  if (parsed.success) return { inputs: parsed.data as Properties, failures: [] };
  const normalised = { ...inputs, ...normaliseFields(schema, inputs) };
  const failures = problemsOf(schema, parsed.error.issues).filter(({ path }) => !concernsUnknown(inputs, path));
  return {
    inputs: normalised,
    failures: failures.map(({ path, message }) => ({ property: formatPath(path), reason: message })),
  };
}

/** The inputs among a resource's properties, normalised; undefined while some are unknown. */
export function parseInputs<Inputs>(schema: InputSchema<Inputs>, properties: Properties): Inputs | undefined {
  const parsed = schema.safeParse(pickInputs(schema, properties));
  return parsed.success ? parsed.data : undefined;
}

/** The inputs among a resource's properties, each normalised by itself; one that holds something unknown stays as it is. */
export function normaliseFields(schema: InputSchema<unknown>, properties: Properties): Properties {
  const fields = Object.entries(schema.shape).map(([field, type]) => {
    const parsed = type.safeParse(properties[field]);
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

function concernsUnknown(inputs: unknown, path: readonly PropertyKey[]): boolean {
  let value = inputs;
  for (const key of path) {
    if (value === unknownValue) return true;
    if (typeof value !== "object" || value === null) return false;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return containsUnknown(value);
}

export function containsUnknown(value: unknown): boolean {
  if (value === unknownValue) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(containsUnknown);
}
