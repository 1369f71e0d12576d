import type { Reference, Section } from "../../provider/config/references";
import type { Field, ObjectModel, Type } from "./model";

type Schema = Readonly<Record<string, unknown>>;

/** The inputs of each section's entries. */
export type SectionModels = Readonly<Record<Section, ObjectModel>>;

/** The JSON schema of a YAML configuration: its sections hold resources by name. */
export function renderConfigurationSchema(models: SectionModels, references: readonly Reference[]): string {
  const connection = models.networks.fields.find(({ name }) => name === "connection");
  const schema = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "kvm-deploy configuration",
    type: "object",
    properties: {
      ...(connection === undefined ? {} : { connection: fieldSchema(connection) }),
      ...Object.fromEntries(
        Object.entries(models).map(([section, model]) => [
          section,
          sectionSchema(section as Section, model, references),
        ]),
      ),
      data: {
        type: ["object", "null"],
        description: "What templates and tables may use in addition to the rest of the configuration.",
      },
    },
    additionalProperties: false,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function sectionSchema(section: Section, model: ObjectModel, references: readonly Reference[]): Schema {
  const own = references.filter(({ from }) => from === section);
  const entry = objectSchema(own.reduce(withReference, model), ["name"]);
  return {
    type: ["object", "null"],
    description: `The ${section}, each by its key, which is the default of its name.`,
    additionalProperties: { ...entry, type: ["object", "null"] },
  };
}

/** A field that names another entry accepts its key as well as the resource's own value. */
function withReference(model: ObjectModel, { field, to }: Pick<Reference, "field" | "to">): ObjectModel {
  const [name, ...rest] = field;
  return { ...model, fields: model.fields.map((each) => (each.name === name ? referring(each, rest, to) : each)) };
}

function referring(field: Field, path: readonly string[], to: Section): Field {
  if (path.length > 0) return { ...field, type: within(field.type, path, to) };
  return {
    ...field,
    description: `A key of \`${to}\`. Otherwise: ${field.description}`,
    type: { tag: "scalar", base: "string", limits: {} },
  };
}

function within(type: Type, path: readonly string[], to: Section): Type {
  if (type.tag === "list") return { tag: "list", items: within(type.items, path.slice(1), to) };
  if (type.tag !== "object") return type;
  return { tag: "object", object: withReference(type.object, { field: path, to }) };
}

/** @param filledIn required fields that a configuration can leave out */
function objectSchema({ fields }: ObjectModel, filledIn: readonly string[] = []): Schema {
  const required = fields
    .filter(({ name, isOptional }) => !isOptional && !filledIn.includes(name))
    .map(({ name }) => name);
  return {
    type: "object",
    properties: Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field)])),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

function fieldSchema({ description, fallback, fallbackText, type }: Field): Schema {
  const text = fallbackText === undefined ? description : `${description} Default: ${fallbackText}`;
  return { description: text, ...(fallback === undefined ? {} : { default: fallback }), ...typeSchema(type) };
}

function typeSchema(type: Type): Schema {
  switch (type.tag) {
    case "scalar":
      return {
        type: type.base,
        ...type.limits,
        ...(type.kind?.example === undefined ? {} : { examples: [type.kind.example] }),
      };
    case "choice":
      return { enum: type.values };
    case "list":
      return { type: "array", items: typeSchema(type.items) };
    case "map":
      return { type: "object", additionalProperties: typeSchema(type.values) };
    case "object":
      return objectSchema(type.object);
    case "either":
      return { anyOf: type.types.map(typeSchema) };
    case "anything":
      return {};
  }
}
