import { z } from "zod";
import { own } from "../values/keys";
import { choices, nearest } from "../values/nearest";
import { unknownValue } from "./known";

/** An error in one value of the inputs: the path leads to the value, or to the key that isn't allowed. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  /** The error, and what is allowed. */
  readonly message: string;
  /** Whether the key itself is the error, not its value. */
  readonly ofKey?: boolean;
  /** Whether it lies in what is secret, which is shown nowhere. */
  readonly isSecret?: boolean;
}

/** Every issue of a schema in words: an unknown key is reported with the allowed keys, a union by its best match. */
export function problemsOf(schema: z.ZodType, issues: readonly z.core.$ZodIssue[]): readonly Problem[] {
  return issues
    .flatMap((issue) => problemsOfIssue(schema, issue))
    .map((problem) => ({ ...problem, message: withoutLogins(problem.message) }));
}

/** A quoted value may be a URL in a wrong field, with a password; a connection's password is already hidden. */
function withoutLogins(message: string): string {
  return message.replace(/(?<=:\/\/)(?![^\s"@]*\[hidden\]@)[^\s"]*@/g, "…@");
}

function problemsOfIssue(schema: z.ZodType, issue: z.core.$ZodIssue): readonly Problem[] {
  const { path } = issue;
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(schema, path, key));
  if (issue.code === "invalid_union") return problemsOfUnion(schema, issue);
  if (issue.code === "invalid_type") return [{ path, message: wrongType(issue) }];
  if (issue.code === "invalid_value") return [{ path, message: wrongValue(issue) }];
  return [{ path, message: issue.message }];
}

/**
 * For a union, only the alternative that the value comes nearest to is reported; or the union's own message, if the
 * value is like none of them.
 */
function problemsOfUnion(schema: z.ZodType, issue: z.core.$ZodIssueInvalidUnion): readonly Problem[] {
  const errors = issue.errors.filter((inner) => !inner.every(isOfUnknown));
  const isOfNoKind = errors.every((inner) => inner.every(({ path }) => path.length === 0));
  if (isOfNoKind && issue.message !== "Invalid input") return [{ path: issue.path, message: issue.message }];
  const [nearest] = errors.sort((one, other) => distance(one) - distance(other));
  if (nearest === undefined || nearest.length === 0) return [{ path: issue.path, message: issue.message }];
  return problemsOf(
    schema,
    nearest.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })),
  );
}

/** At preview a value may be unknown instead, which users can't write. */
function isOfUnknown(issue: z.core.$ZodIssue): boolean {
  return issue.code === "invalid_value" && issue.values.includes(unknownValue);
}

/** The distance of a value from an alternative: another type altogether is the farthest. */
function distance(issues: readonly z.core.$ZodIssue[]): number {
  return issues.some(({ code, path }) => code === "invalid_type" && path.length === 0) ? Infinity : issues.length;
}

function unknownKey(schema: z.ZodType, path: readonly PropertyKey[], key: string): Problem {
  const allowed = keysAt(schema, path);
  return {
    path: [...path, key],
    message: `there is no such key; ${allowedKeys(key, allowed)}`,
    ofKey: true,
  };
}

/** zod's own messages use the names of JavaScript's types. */
function wrongType({ expected, message }: z.core.$ZodIssueInvalidType): string {
  const required = own(typeNames, expected) ?? expected;
  if (message.endsWith("received undefined")) return `is missing; it must be ${required}`;
  const received = /received (\w+)$/.exec(message)?.[1];
  if (received === undefined) return message;
  return `must be ${required}, but is ${own(typeNames, received) ?? received}`;
}

/** A field may have its own message; zod's messages have a common start. */
function wrongValue({ values, message }: z.core.$ZodIssueInvalidValue): string {
  if (!message.startsWith("Invalid ")) return message;
  return `must be ${values.length > 1 ? "one of " : ""}${values.map(String).join(", ")}`;
}

const typeNames: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "a map",
  record: "a map",
  array: "a list",
  null: "empty",
};

/** More keys would hide the message. */
const mostListed = 10;

export function allowedKeys(key: string, allowed: readonly string[]): string {
  if (allowed.length <= mostListed) return choices("allowed here", key, allowed);
  const meant = nearest(key, allowed);
  const list = `docs/reference lists the ${allowed.length} keys that are allowed here`;
  return meant === undefined ? list : `did you mean "${meant}"? ${list}`;
}

/** The keys that the schema has at the path. */
export function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  const keys = objectsIn(path.reduce((types, key) => types.flatMap((type) => below(type, key)), [schema]));
  return [...new Set(keys.flatMap((object) => Object.keys(object.shape)))];
}

/** Whether what lies at the path is secret, or a part of what is. */
export function isSecretAt(schema: z.ZodType, path: readonly PropertyKey[]): boolean {
  const [key, ...rest] = path;
  if ([schema, ...alternatives(schema)].some((type) => z.globalRegistry.get(type)?.["secret"] === true)) return true;
  return key !== undefined && below(schema, key).some((type) => isSecretAt(type, rest));
}

/** A field by its keys, and what its metadata says. */
export interface Marked {
  readonly field: readonly string[];
  readonly value: unknown;
}

/** The fields of a schema's maps that have this in their metadata. */
export function fieldsWith(metadata: string, schema: z.ZodType): readonly Marked[] {
  return objectsIn([schema]).flatMap(({ shape }) =>
    Object.entries(shape as Readonly<Record<string, z.ZodType>>).flatMap(([key, type]): Marked[] => {
      const values = [type, ...alternatives(type)].map((each) => z.globalRegistry.get(each)?.[metadata]);
      const value = values.find((each) => each !== undefined);
      const inner = fieldsWith(metadata, type).map((each) => ({ ...each, field: [key, ...each.field] }));
      return value === undefined ? inner : [{ field: [key], value }];
    }),
  );
}

function objectsIn(types: readonly z.ZodType[]): z.ZodObject[] {
  return types.flatMap(alternatives).filter((type) => type instanceof z.ZodObject);
}

function below(type: z.ZodType, key: PropertyKey): z.ZodType[] {
  return alternatives(type).flatMap((inner): z.ZodType[] => {
    if (inner instanceof z.ZodArray) return [inner.element as z.ZodType];
    if (inner instanceof z.ZodRecord) return [inner.valueType as z.ZodType];
    const field = inner instanceof z.ZodObject ? own(inner.shape as Record<string, z.ZodType>, String(key)) : undefined;
    return field === undefined ? [] : [field];
  });
}

/** Unwraps a type: optional, default, transformation; a union gives several. */
function alternatives(type: z.ZodType): z.ZodType[] {
  if (type instanceof z.ZodUnion) return type.options.flatMap((option) => alternatives(option as z.ZodType));
  if (type instanceof z.ZodPipe) return alternatives(type.in as z.ZodType);
  if (type instanceof z.ZodOptional || type instanceof z.ZodNullable) return alternatives(type.unwrap() as z.ZodType);
  if (type instanceof z.ZodDefault || type instanceof z.ZodPrefault) return alternatives(type.unwrap() as z.ZodType);
  return [type];
}
