import * as pulumi from "@pulumi/pulumi";

/** What of a resource is secret, by paths such as `system.disk.passphrase`; made from its schema. */
export interface Secrets {
  /** Arguments that are secret by themselves. */
  readonly fields: readonly string[];
  /** Arguments by which all is secret that is given beside them, since the provider computes from it. */
  readonly tainting: readonly string[];
  /** What the provider adds to the arguments. */
  readonly computed: readonly string[];
  /** Outputs all of which is secret. */
  readonly outputs: readonly string[];
}

/** The arguments so that nothing secret of them lies in the state in plain text, whatever the program does. */
export function withSecrets(args: object, { fields, tainting, computed }: Secrets): pulumi.Inputs {
  const marked = [
    ...fields.map((path) => ({ path, isTainting: false })),
    ...tainting.map((path) => ({ path, isTainting: true })),
  ].reduce<unknown>((inputs, { path, isTainting }) => markedAt(inputs, path.split("."), isTainting), args);
  // What the provider puts in its place is kept as secret as this is.
  return { ...objectOf(marked), ...Object.fromEntries(computed.map((name) => [name, pulumi.secret("")])) };
}

/** Looks into what is known only later when it is known, and into nothing else: what lies beside it stays known. */
function markedAt(value: unknown, path: readonly string[], isTainting: boolean): unknown {
  if (pulumi.Output.isInstance(value) || value instanceof Promise)
    return pulumi.output(value).apply((known: unknown) => markedAt(known, path, isTainting));
  const [key = "", ...rest] = path;
  const object = objectOf(value);
  if (object?.[key] === undefined) return value;
  if (rest.length > 0) return { ...object, [key]: markedAt(object[key], rest, isTainting) };
  return isTainting ? pulumi.secret(value) : { ...object, [key]: pulumi.secret(object[key]) };
}

/** Undefined for what isn't an object, or a list: the provider says that it is wrong. */
function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}
