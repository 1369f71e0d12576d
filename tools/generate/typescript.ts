import { type Field, type ObjectModel, objectsIn, type Type } from "./model";
import type { Resource } from "./resources";

const header = `// Made by tools/generate.ts from the schemas in provider/; change those and run \`npm run generate\`.
import type * as pulumi from "@pulumi/pulumi";
import type { Size } from "../provider/values/units";
`;

/** The interfaces of the resources' arguments. */
export function renderArguments(resources: readonly Resource[]): string {
  const interfaces = resources.flatMap(({ model }) =>
    objectsIn(model).map((object) => interfaceOf(object, object === model)),
  );
  return [header, ...interfaces].join("\n");
}

function interfaceOf({ name, fields }: ObjectModel, isResource: boolean): string {
  const members = fields.map((field) => member(field, isResource && field.name === "name"));
  return `export interface ${name}Args {\n${members.join("\n")}\n}\n`;
}

/** @param isFilledIn by the SDK's own default */
function member(field: Field, isFilledIn: boolean): string {
  const isOptional = field.isOptional || isFilledIn;
  const type = typeText(field.type);
  const input = isOptional ? `pulumi.Input<${type} | undefined>` : `pulumi.Input<${type}>`;
  return `${comment(field)}\n  readonly ${field.name}${isOptional ? "?" : ""}: ${input};`;
}

function typeText(type: Type): string {
  switch (type.tag) {
    case "scalar":
      return type.kind?.name === "size" ? "Size" : type.base === "integer" ? "number" : type.base;
    case "choice":
      return type.values.map((value) => JSON.stringify(value)).join(" | ");
    case "list":
      return `readonly pulumi.Input<${typeText(type.items)}>[]`;
    case "map":
      return `Readonly<Record<string, pulumi.Input<${typeText(type.values)}>>>`;
    case "object":
      return `${type.object.name}Args`;
    case "either":
      return type.types.map(typeText).join(" | ");
    case "anything":
      return "unknown";
  }
}

/** What an output is, of which the provider gives plain values: scalars, choices, lists and maps of them. */
export function outputTypeText({ type, isOptional, fallback }: Field): string {
  const mayBeAbsent = isOptional && fallback === undefined;
  return `${plainText(type)}${mayBeAbsent ? " | undefined" : ""}`;
}

function plainText(type: Type): string {
  if (type.tag === "scalar") return type.base === "integer" ? "number" : type.base;
  if (type.tag === "choice") return typeText(type);
  if (type.tag === "list") return `${plainText(type.items)}[]`;
  if (type.tag === "map") return `Record<string, ${plainText(type.values)}>`;
  throw new Error(`an output that is of ${type.tag} has no type in the SDK yet`);
}

/** One sentence, what it sets, and the default. */
export function comment({ description, fallback, fallbackText, sets, type }: Field): string {
  const example = type.tag === "scalar" ? type.kind?.example : undefined;
  const lines = [
    ...wrapped(fallbackText === undefined ? description : `${description} Default: ${fallbackText}`),
    ...(sets === undefined ? [] : [`Sets: ${sets}`]),
    ...(example === undefined ? [] : [`@example ${JSON.stringify(example)}`]),
    ...(fallback === undefined ? [] : [`@default ${JSON.stringify(fallback)}`]),
  ];
  if (lines.length === 1) return `  /** ${lines[0] ?? ""} */`;
  return ["  /**", ...lines.map((line) => `   * ${line}`), "   */"].join("\n");
}

function wrapped(text: string): string[] {
  return text.split(" ").reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length > 113) return [...lines, word];
    return [...lines.slice(0, -1), `${last} ${word}`];
  }, []);
}
