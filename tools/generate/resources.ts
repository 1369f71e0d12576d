import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { z } from "zod";
import type { AnyPolicy } from "../../provider/resource/policy";
import type { Secrets } from "../../sdk/secrets";
import { capitalised, modelOf, type ObjectModel } from "./model";
import { type Property, readClass } from "./sdk-class";
import { secretsOf } from "./secrets";

/** A folder of provider/resources, as far as it is told to users. */
export interface Resource {
  /** The folder, such as `storage-pool`. */
  readonly folder: string;
  /** Such as `StoragePool`. */
  readonly name: string;
  readonly schema: z.ZodType;
  readonly model: ObjectModel;
  readonly secrets: Secrets;
  readonly policies: Readonly<Record<string, AnyPolicy>>;
  /** One sentence or two. */
  readonly summary: string;
  readonly outputs: readonly Property[];
}

export async function loadResources(root: string): Promise<Resource[]> {
  const resources = path.join(root, "provider/resources");
  const folders = readdirSync(resources).filter((folder) => existsSync(path.join(resources, folder, "schema.ts")));
  return Promise.all(folders.sort().map((folder) => loadResource(root, path.join(resources, folder))));
}

async function loadResource(root: string, folder: string): Promise<Resource> {
  const base = path.basename(folder);
  const camel = base.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  const name = capitalised(camel);
  const schema = await named<z.ZodType>(path.join(folder, "schema.ts"), `${camel}Inputs`);
  const policies = await named<Record<string, AnyPolicy>>(path.join(folder, "policy.ts"), `${camel}Policies`);
  const { summary, properties } = readClass(path.join(root, "sdk", `${base}.ts`), name);
  // What a class repeats of the inputs is told among those.
  const outputs = properties.filter((property) => !(property.name in policies));
  return {
    folder: base,
    name,
    schema,
    model: modelOf(name, schema),
    secrets: secretsOf(schema),
    policies,
    summary,
    outputs,
  };
}

async function named<Value>(file: string, name: string): Promise<Value> {
  const exported = (await import(pathToFileURL(file).href)) as Readonly<Record<string, Value | undefined>>;
  const value = exported[name];
  if (value === undefined) throw new Error(`${file} exports no ${name}`);
  return value;
}
