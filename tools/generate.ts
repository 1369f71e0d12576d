/**
 * Generates from the schemas in provider/: the SDK's classes, argument interfaces and list of secrets, and
 * docs/reference/; and from the examples, the picture of their networks.
 * With --check nothing is written, and a difference is an error.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { inputSchemas } from "../provider/config/kinds";
import { eachSection, references } from "../provider/config/references";
import { renderConfigurationSchema } from "./generate/json-schema";
import type { SectionModels } from "./generate/json-types";
import { renderIndex, renderResource } from "./generate/markdown";
import { loadResources, type Resource } from "./generate/resources";
import { renderClasses } from "./generate/sdk-classes";
import { renderSecrets } from "./generate/secrets";
import { renderTopology } from "./generate/topology";
import { renderArguments } from "./generate/typescript";

const root = path.dirname(__dirname);
const schemaFile = "provider/config/configuration.schema.json";

/** Every generated file's text, by its path from the root. */
export async function generate(): Promise<ReadonlyMap<string, string>> {
  return filesOf(await loadResources(root));
}

function filesOf(resources: readonly Resource[]): ReadonlyMap<string, string> {
  return new Map([
    ["sdk/args.gen.ts", renderArguments(resources)],
    ["sdk/resources.gen.ts", renderClasses(resources)],
    ["sdk/secrets.gen.ts", renderSecrets(resources)],
    ["docs/reference/README.md", renderIndex(resources, `../../${schemaFile}`)],
    ...resources.map((each) => [`docs/reference/${each.directory}.md`, renderResource(each)] as const),
    ["docs/pictures/topology.svg", renderTopology(root)],
    [schemaFile, renderConfigurationSchema(sectionModels(resources), references)],
  ]);
}

/** A section holds the resources whose inputs its entries are checked with. */
function sectionModels(resources: readonly Resource[]): SectionModels {
  return eachSection((section) => {
    const found = resources.find(({ schema }) => schema === inputSchemas[section]);
    if (found === undefined) throw new Error(`no directory of provider/resources has the schema of ${section}`);
    return found.model;
  });
}

/** The generated files that differ from the generator's current output. */
export function stale(files: ReadonlyMap<string, string>): string[] {
  const present = (file: string) =>
    existsSync(path.join(root, file)) ? readFileSync(path.join(root, file), "utf8") : undefined;
  return [...files].filter(([file, text]) => present(file) !== text).map(([file]) => file);
}

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}

async function main(isCheck: boolean): Promise<void> {
  const files = await generate();
  const changed = stale(files);
  if (changed.length === 0) return;
  if (isCheck) throw new Error(`not up to date: ${changed.join(", ")}; run \`npm run generate\``);
  changed.forEach((file) => write(file, files.get(file) ?? ""));
  console.log(`written: ${changed.join(", ")}`);
}

if (require.main === module) {
  main(process.argv.includes("--check")).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
