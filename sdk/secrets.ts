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
  const later = (known: unknown) => markedAt(known, path, isTainting);
  if (pulumi.Output.isInstance(value)) return value.apply(later);
  if (value instanceof Promise) return value.then(later);
  const [key = "", ...rest] = path;
  const object = objectOf(value);
  if (object === undefined) return value;
  if (rest.length === 0 && isTainting) return object[key] === undefined ? asSecretAsItsParts(object) : secretOf(object);
  if (object[key] === undefined) return value;
  return { ...object, [key]: rest.length > 0 ? markedAt(object[key], rest, isTainting) : secretOf(object[key]) };
}

/** What the provider computes from the parts is secret when the program has made one of them secret. */
async function asSecretAsItsParts(object: object): Promise<unknown> {
  return (await pulumi.isSecret(pulumi.output(object))) ? secretOf(object) : object;
}

/** A secret is known to the engine as a whole or not at all: where a part is unknown, each part is a secret by itself. */
async function secretOf(value: unknown): Promise<unknown> {
  const secret = pulumi.secret(value);
  if (pulumi.Output.isInstance(value) || (await isKnown(secret))) return secret;
  const parts: unknown = await value;
  if (Array.isArray(parts)) return parts.map(secretOf);
  const object = objectOf(parts);
  if (object === undefined) return secret;
  return Object.fromEntries(Object.entries(object).map(([key, part]) => [key, secretOf(part)]));
}

/** Pulumi's types leave it out, though each copy of Pulumi relies on it in the outputs of the others. */
async function isKnown(output: object): Promise<boolean> {
  return !("isKnown" in output) || (await output.isKnown) !== false;
}

/** Undefined for a value that is no object or list: the provider reports the error. */
function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}
