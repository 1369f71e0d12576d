import type { Section } from "../../provider/config/references";
import type { Field, ObjectModel, Type } from "./model";

export type Schema = Readonly<Record<string, unknown>>;

/** The inputs of each section's entries. */
export type SectionModels = Readonly<Record<Section, ObjectModel>>;

/**
 * What an editor reads in place of any value: a file to include, an environment variable, or a parameter. The editor doesn't
 * know the tags, only the texts after them.
 */
const other = String.raw`\.ya?ml$|^[A-Z][A-Z0-9_]*$|\$\{`;

/** An included file with parameters is a map in place of any map or list. */
const included = { "^(file|with)$": {} };

export function mapSchema(values: Schema): Schema {
  return {
    type: ["object", "string", "null"],
    additionalProperties: values,
    pattern: other,
    patternErrorMessage: "must be a map, or `!include FILE`",
  };
}

/** Nothing is required: a default or an included file may have it. */
export function objectSchema({ fields }: ObjectModel, further: Readonly<Record<string, Schema>> = {}): Schema {
  return {
    type: ["object", "string", "null"],
    properties: { ...Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field)])), ...further },
    patternProperties: included,
    additionalProperties: false,
    pattern: other,
    patternErrorMessage: "must be a map, or `!include FILE`",
  };
}

export function fieldSchema({ description, fallback, fallbackText, type, isSecret }: Field): Schema {
  const text = fallbackText === undefined ? description : `${description} Default: ${fallbackText}`;
  const { pattern, ...schema } = typeSchema(type);
  // The name of a secret may be any text.
  const limit = pattern === undefined || isSecret ? {} : { pattern };
  return { description: text, ...(fallback === undefined ? {} : { default: fallback }), ...schema, ...limit };
}

export function typeSchema(type: Type): Schema {
  switch (type.tag) {
    case "scalar":
      return scalarSchema(type);
    case "choice":
      return { anyOf: [{ enum: type.values }, { type: "string", pattern: other }] };
    case "list":
      return listSchema(typeSchema(type.items));
    case "map":
      return mapSchema(typeSchema(type.values));
    case "object":
      return objectSchema(type.object);
    case "either":
      return { anyOf: type.types.map(typeSchema) };
    case "anything":
      return {};
  }
}

export function listSchema(items: Schema): Schema {
  return {
    type: ["array", "string", "object"],
    items,
    patternProperties: included,
    additionalProperties: false,
    pattern: other,
    patternErrorMessage: "must be a list, or `!include FILE`",
  };
}

function scalarSchema({ base, limits, kind }: Extract<Type, { tag: "scalar" }>): Schema {
  const { pattern } = limits;
  // What stands in place of a value has no format.
  const others = Object.fromEntries(Object.entries(limits).filter(([name]) => name !== "pattern" && name !== "format"));
  const examples = kind?.example === undefined ? {} : { examples: [kind.example] };
  if (base !== "string")
    return {
      type: [base, "string"],
      ...others,
      pattern: other,
      patternErrorMessage: `must be ${base === "boolean" ? "true or false" : "a number"}`,
      ...examples,
    };
  return {
    type: "string",
    ...others,
    ...(pattern === undefined ? {} : { pattern: `${pattern}|${other}` }),
    ...examples,
  };
}
