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

/** Undefined for what isn't an object, or a list: the provider says that it is wrong. */
function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}
