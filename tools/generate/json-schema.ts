import type { Reference, Section } from "../../provider/config/references";
import { compactProperties, guestsSchema, repeatProperties } from "./compact-schema";
import { fieldSchema, mapSchema, objectSchema, type Schema, type SectionModels } from "./json-types";
import type { Field, ObjectModel, Type } from "./model";

/** The JSON schema of a YAML configuration, for editors: its sections have resources by name. */
export function renderConfigurationSchema(models: SectionModels, references: readonly Reference[]): string {
  const connection = models.networks.fields.find(({ name }) => name === "connection");
  const entries = Object.entries(models).map(([name, model]) => {
    const section = name as Section;
    const own = references.filter(({ from }) => from === section);
    return [section, own.reduce(withReference, model)] as const;
  });
  const referring = Object.fromEntries(entries) as SectionModels;
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "kvm-deploy configuration",
    type: "object",
    properties: {
      ...(connection === undefined ? {} : { connection: fieldSchema(connection) }),
      defaults: {
        description:
          "What all machines have that don't give it themselves. Maps are merged; a list with !append follows the one here.",
        anyOf: [{ $ref: "#/definitions/machine" }],
      },
      ...Object.fromEntries(entries.map(([section, model]) => [section, sectionSchema(section, model)])),
      data: {
        type: ["object", "string", "null"],
        description: "What templates and tables may use in addition to the rest of the configuration.",
      },
    },
    additionalProperties: false,
    definitions: { machine: machineSchema(referring) },
  };
  return `${JSON.stringify(schema, null, 1)}\n`;
}

function sectionSchema(section: Section, model: ObjectModel): Schema {
  const entry = section === "machines" ? { $ref: "#/definitions/machine" } : entrySchema(section, model);
  return {
    ...mapSchema(entry),
    description: `The ${section}, each by its key, which is the default of its name.`,
  };
}

function entrySchema(section: Section, model: ObjectModel): Schema {
  const guests = section === "networks" ? { guests: guestsSchema } : {};
  return objectSchema(model, { ...guests, ...repeatProperties });
}

function machineSchema(models: SectionModels): Schema {
  return objectSchema(models.machines, { ...compactProperties(models), ...repeatProperties });
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
