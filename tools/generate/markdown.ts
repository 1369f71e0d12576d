import type { AnyPolicy, Policy } from "../../provider/resource/policy";
import { type Field, type Kind, type Limits, type ObjectModel, objectsIn, objectsOf, type Type } from "./model";
import type { Resource } from "./resources";
import { outputTypeText } from "./typescript";

const header = "<!-- Made by tools/generate.ts from the schemas in provider/; change those, and run it again. -->";

const changes: Readonly<Record<Policy, string>> = {
  live: "at once",
  restart: "at a restart",
  reinstall: "at the next installation",
  replace: "replaces",
  refuse: "refused",
  setting: "nothing on the host",
  digested: "by its effect",
};

/** The reference of one resource. */
export function renderResource({ name, summary, model, policies, outputs }: Resource): string {
  return page(
    `# ${name}`,
    summary,
    "## Inputs",
    fieldsTable(model, policies),
    ...nestedTables(model, policies),
    "## Outputs",
    "In addition to its inputs and `id`:",
    outputsTable(outputs),
  );
}

/** The table of contents, and the common parts of all pages. */
export function renderIndex(resources: readonly Resource[], schemaFile: string): string {
  return page(
    "# Reference",
    table(
      ["Resource", "What it is"],
      resources.map(({ directory, name, summary }) => [`[${name}](${directory}.md)`, summary]),
    ),
    `The format of YAML configurations is in [configuration.schema.json](${schemaFile}), a JSON schema for editors, which \`kvm-deploy schema\` prints.`,
    "## What a change does",
    "What `pulumi up` does when a property has changed:",
    table(
      ["In the tables", "Meaning"],
      Object.entries(meanings).map(([policy, meaning]) => [changes[policy as Policy], meaning]),
    ),
    "## How values are written",
    table(
      ["Value", "Example"],
      kindsOf(resources).flatMap(({ name, example }) => (example === undefined ? [] : [[name, code(example)]])),
    ),
  );
}

const meanings: Readonly<Record<Policy, string>> = {
  live: "Applied while it runs.",
  restart:
    "Written to the definition, and in force after the next restart. With `allowRestart: true`, `pulumi up` restarts it at once.",
  reinstall: "Only the next installation uses it; the preview says so.",
  replace: "A new one replaces the old one.",
  refuse: "An error at preview that says what to do instead, because data would be lost.",
  setting: "Only kvm-deploy itself uses it.",
  digested: "Only a change of the result counts: for an ISO, a change of its content, used by the next installation.",
};

type Policies = Readonly<Record<string, AnyPolicy>>;

/** The objects in an object, each with the policies of its own parts. */
function nestedTables({ fields }: ObjectModel, policies: Policies | undefined): string[] {
  return fields.flatMap(({ name, type }) => {
    const own = partPolicies(policies?.[name]);
    return objectsOf(type).flatMap((object) => [
      `### ${object.name}`,
      fieldsTable(object, own),
      ...nestedTables(object, own),
    ]);
  });
}

function partPolicies(policy: AnyPolicy | undefined): Policies | undefined {
  if (typeof policy !== "object" || policy.kind === "depends") return undefined;
  return policy.fields;
}

function fieldsTable({ fields }: ObjectModel, policies: Policies | undefined): string {
  const head = ["Property", "Type", "Default", "A change", "Sets", "Description"];
  const rows = fields.map((field) => {
    const [name = "", type = "", fallback = "", sets = "", description = ""] = cells(field);
    return [name, type, fallback, changeText(policies?.[field.name]), sets, description];
  });
  return policies === undefined
    ? table(
        head.toSpliced(3, 1),
        rows.map((row) => row.toSpliced(3, 1)),
      )
    : table(head, rows);
}

function changeText(policy: AnyPolicy | undefined): string {
  if (policy === undefined) return "";
  if (typeof policy === "string") return changes[policy];
  if (policy.kind === "depends") return policy.text;
  if (policy.kind === "parts") return `${changeText(policy.whole)}; its parts: below`;
  const [added, removed] = [changeText(policy.added), changeText(policy.removed)];
  return `${added === removed ? `added, removed: ${added}` : `added: ${added}; removed: ${removed}`}; its parts: below`;
}

function cells(field: Field): string[] {
  const { name, type, sets, description } = field;
  return [code(name), typeText(type), defaultText(field), sets === undefined ? "" : code(sets), description];
}

function defaultText({ isOptional, fallback, fallbackText }: Field): string {
  if (fallbackText !== undefined) return fallbackText.replace(/\.$/, "");
  if (!isOptional) return "**required**";
  return fallback === undefined ? "none" : code(typeof fallback === "string" ? fallback : JSON.stringify(fallback));
}

function typeText(type: Type): string {
  switch (type.tag) {
    case "scalar":
      return type.kind?.name ?? `${baseNames[type.base]}${range(type.limits)}`;
    case "choice":
      return type.values.map(code).join(", ");
    case "list":
      return `list of ${typeText(type.items)}`;
    case "map":
      return `map of ${typeText(type.values)}`;
    case "object":
      return `[${type.object.name}](#${type.object.name.toLowerCase()})`;
    case "either":
      return type.types.map(typeText).join(" or ");
    case "anything":
      return "anything";
  }
}

const baseNames = { string: "text", integer: "whole number", number: "number", boolean: "`true`, `false`" } as const;

function range({ minimum, maximum }: Limits): string {
  return minimum === undefined || maximum === undefined ? "" : ` from ${minimum} to ${maximum}`;
}

function outputsTable(outputs: readonly Field[]): string {
  return table(
    ["Property", "Type", "Description"],
    outputs.map((field) => [code(field.name), code(outputTypeText(field)), field.description]),
  );
}

/** Each kind of value once, by name. */
function kindsOf(resources: readonly Resource[]): Kind[] {
  const fields = resources.flatMap(({ model }) => objectsIn(model)).flatMap((object) => object.fields);
  const kinds = fields.flatMap(({ type }) => (type.tag === "scalar" && type.kind !== undefined ? [type.kind] : []));
  const byName = new Map(kinds.map((kind) => [kind.name, kind]));
  return [...byName.values()].sort((one, other) => one.name.localeCompare(other.name, "en"));
}

function page(...parts: readonly string[]): string {
  return `${[header, ...parts].filter((part) => part !== "").join("\n\n")}\n`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows.map((row) => row.map((cell) => cell.replaceAll("|", "\\|")))];
  return lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
}

function code(text: string): string {
  return text === "" ? '`""`' : `\`${text}\``;
}
