import { z } from "zod";

/** What a schema says, in the form that all renderers read. */
export interface ObjectModel {
  /** By its path: the hosts of a network's dhcp are `NetworkDhcpHost`. */
  readonly name: string;
  readonly fields: readonly Field[];
}

export interface Field {
  readonly name: string;
  readonly description: string;
  readonly isOptional: boolean;
  /** The default, when it is a value. */
  readonly fallback: unknown;
  /** The default in words, where the description has them: what follows its "Default: ". */
  readonly fallbackText: string | undefined;
  /** The libvirt element or installer option. */
  readonly sets: string | undefined;
  /** Whether it never lies in the state in plain text; its description says so. */
  readonly isSecret: boolean;
  /** Of an output: only kvm-deploy itself uses it. */
  readonly isInternal: boolean;
  /** Of an input: a property of the class in the SDK, too, since other resources refer to it. */
  readonly isProperty: boolean;
  readonly type: Type;
}

export type Type =
  | { readonly tag: "scalar"; readonly base: Base; readonly kind?: Kind | undefined; readonly limits: Limits }
  | { readonly tag: "choice"; readonly values: readonly string[] }
  | { readonly tag: "list"; readonly items: Type }
  | { readonly tag: "map"; readonly values: Type }
  | { readonly tag: "object"; readonly object: ObjectModel }
  | { readonly tag: "either"; readonly types: readonly Type[] }
  | { readonly tag: "anything" };

type Base = "string" | "integer" | "number" | "boolean";

/** What a text stands for, from the schema's metadata. */
export interface Kind {
  readonly name: string;
  readonly example: string | undefined;
}

/** The keywords of JSON schema that narrow a scalar. */
export interface Limits {
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

const limitKeywords = [
  "pattern",
  "format",
  "minLength",
  "maxLength",
  "minimum",
  "maximum",
] as const satisfies readonly (keyof Limits)[];

/** What zod makes of a schema: JSON schema with our metadata beside its keywords. */
export interface Node extends Limits {
  readonly type?: Base | "object" | "array";
  readonly description?: string;
  readonly default?: unknown;
  readonly sets?: string;
  readonly kind?: string;
  readonly example?: string;
  /** Computed by the provider; nothing for a user to set. */
  readonly derived?: boolean;
  /** Never in the state in plain text, whatever the program does. */
  readonly secret?: boolean;
  /** As an output all of it is secret, whatever is in it. */
  readonly secretOutput?: boolean;
  readonly internal?: boolean;
  readonly property?: boolean;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly items?: Node;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Node | boolean;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
}

/** @param name such as `Network` */
export function modelOf(name: string, schema: z.ZodType): ObjectModel {
  return objectModel(name, nodeOf(schema));
}

export function nodeOf(schema: z.ZodType): Node {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any", override: repair }) as Node;
}

/** Every object in an object, itself first, each once. */
export function objectsIn(model: ObjectModel): ObjectModel[] {
  return [model, ...model.fields.flatMap(({ type }) => objectsOf(type)).flatMap(objectsIn)];
}

/** The objects that a value of the type may be, without those inside them. */
export function objectsOf(type: Type): ObjectModel[] {
  if (type.tag === "object") return [type.object];
  if (type.tag === "list") return objectsOf(type.items);
  if (type.tag === "map") return objectsOf(type.values);
  return type.tag === "either" ? type.types.flatMap(objectsOf) : [];
}

interface Conversion {
  readonly zodSchema: z.core.$ZodType;
  readonly jsonSchema: z.core.JSONSchema.BaseSchema;
}

/** Puts right what zod's conversion loses: defaults of values that are normalised, and that a pattern ignores case. */
function repair({ zodSchema, jsonSchema }: Conversion): void {
  const { def } = (zodSchema as z.core.$ZodTypes)._zod;
  if (def.type === "default") jsonSchema.default = def.defaultValue;
  if ((def.checks ?? []).some((check) => patternOf(check)?.ignoreCase)) delete jsonSchema.pattern;
}

function patternOf(check: z.core.$ZodCheck): RegExp | undefined {
  return (check._zod.def as { readonly pattern?: RegExp }).pattern;
}

function objectModel(name: string, node: Node): ObjectModel {
  const required = node.required ?? [];
  const given = Object.entries(node.properties ?? {}).filter(([, property]) => property.derived !== true);
  return { name, fields: given.map(([key, property]) => fieldOf(name, key, property, required.includes(key))) };
}

function fieldOf(parent: string, name: string, node: Node, isRequired: boolean): Field {
  const [description = "", fallbackText] = (node.description ?? "").split(/ ?Default: /);
  const isSecret = node.secret === true;
  return {
    name,
    description: isSecret ? `${description} Always kept secret.` : description,
    isOptional: !isRequired,
    fallback: fallbackText === undefined ? node.default : undefined,
    fallbackText,
    sets: node.sets,
    isSecret,
    isInternal: node.internal === true,
    isProperty: node.property === true,
    type: typeOf(parent + capitalised(name), node),
  };
}

/** @param name of the object that it may be */
function typeOf(name: string, node: Node): Type {
  const alternatives = node.anyOf ?? node.oneOf;
  if (alternatives !== undefined) return eitherOf(name, alternatives);
  const values = node.enum ?? (node.const === undefined ? undefined : [node.const]);
  if (values !== undefined) return { tag: "choice", values };
  if (node.type === "array") return { tag: "list", items: typeOf(singular(name), node.items ?? {}) };
  if (node.type === "object") return objectType(name, node);
  return node.type === undefined ? { tag: "anything" } : scalarType(node.type, node);
}

function objectType(name: string, node: Node): Type {
  if (node.properties !== undefined) return { tag: "object", object: objectModel(name, node) };
  const values = node.additionalProperties;
  return { tag: "map", values: typeof values === "object" ? typeOf(name, values) : { tag: "anything" } };
}

function scalarType(base: Base, node: Node): Type {
  const given = limitKeywords.flatMap((keyword) => (isTelling(node[keyword]) ? [[keyword, node[keyword]]] : []));
  const limits = Object.fromEntries(given) as Limits;
  return {
    tag: "scalar",
    base,
    kind: node.kind === undefined ? undefined : { name: node.kind, example: node.example },
    limits,
  };
}

/** Of several objects each is named after the key that only it has. */
function eitherOf(name: string, nodes: readonly Node[]): Type {
  const types = nodes.map((node) => {
    const others = nodes.filter((other) => other !== node && other.properties !== undefined);
    if (others.length === 0) return typeOf(name, node);
    const own = Object.keys(node.properties ?? {}).find((key) =>
      others.every((other) => other.properties?.[key] === undefined),
    );
    return typeOf(own === undefined ? name : name + capitalised(own), node);
  });
  return { tag: "either", types };
}

/** zod bounds every integer by what a double can hold, which tells a reader nothing. */
function isTelling(limit: string | number | undefined): boolean {
  return limit !== undefined && (typeof limit === "string" || Math.abs(limit) < Number.MAX_SAFE_INTEGER);
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function singular(name: string): string {
  return name.replace(/s$/, "");
}
