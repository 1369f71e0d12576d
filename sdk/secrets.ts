import * as pulumi from "@pulumi/pulumi";

/** The secrets of a resource, by paths such as `system.disk.passphrase`; generated from its schema. */
export interface Secrets {
  /** Arguments that are secret themselves. */
  readonly fields: readonly string[];
  /** Arguments that make everything next to them secret, because the provider computes from them. */
  readonly tainting: readonly string[];
  /** Arguments that the provider adds. */
  readonly computed: readonly string[];
  /** Outputs that are secret as a whole. */
  readonly outputs: readonly string[];
}

/** The arguments in a form in which the state contains no secret in plain text, whatever the program does. */
export function withSecrets(args: object, { fields, tainting, computed }: Secrets): pulumi.Inputs {
  const marked = [
    ...fields.map((path) => ({ path, isTainting: false })),
    ...tainting.map((path) => ({ path, isTainting: true })),
  ].reduce<unknown>((inputs, { path, isTainting }) => markedAt(inputs, path.split("."), isTainting), args);
  // The provider's own value, which replaces this one, is secret like this one.
  return { ...objectOf(marked), ...Object.fromEntries(computed.map((name) => [name, pulumi.secret("")])) };
}

/** Reads values that are known only later when they are known, and no others: everything next to them stays known. */
function markedAt(value: unknown, path: readonly string[], isTainting: boolean): unknown {
  if (pulumi.Output.isInstance(value) || value instanceof Promise)
    return pulumi.output(value).apply((known: unknown) => markedAt(known, path, isTainting));
  const [key = "", ...rest] = path;
  const object = objectOf(value);
  if (object?.[key] === undefined) return value;
  if (rest.length > 0) return { ...object, [key]: markedAt(object[key], rest, isTainting) };
  return isTainting ? pulumi.secret(value) : { ...object, [key]: pulumi.secret(object[key]) };
}

/** Undefined for a value that is no object or list: the provider reports the error. */
function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}
