import type { Resource } from "./resources";
import { comment, outputTypeText } from "./typescript";

/** The SDK's class of each resource. */
export function renderClasses(resources: readonly Resource[]): string {
  const args = resources.map(({ name }) => `${name}Args`);
  return `// Made by tools/generate.ts from the schemas in provider/; change those and run \`npm run generate\`.
import type * as pulumi from "@pulumi/pulumi";
import type { ${args.join(", ")} } from "./args.gen";
import { KvmResource } from "./resource";

${resources.map(classOf).join("\n")}`;
}

function classOf({ name, handler, summary, properties, outputs }: Resource): string {
  const members = properties.map(
    (field) =>
      `${comment({ ...field, sets: undefined, fallback: undefined, fallbackText: undefined })}\n  declare readonly ${field.name}: pulumi.Output<${outputTypeText(field)}>;`,
  );
  const kind = { kind: name, handler, outputs: outputs.map((output) => output.name) };
  return `/** ${summary} */
export class ${name} extends KvmResource {
${members.join("\n")}

  constructor(name: string, args: ${name}Args, opts: pulumi.CustomResourceOptions = {}) {
    super(${JSON.stringify(kind)}, name, args, opts);
  }
}
`;
}
