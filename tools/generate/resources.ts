import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { z } from "zod";
import type { Policy } from "../../provider/diff";
import { capitalised, modelOf, type ObjectModel } from "./model";
import { type Output, outputsOf } from "./outputs";

/** A folder of provider/resources, as far as it is told to users. */
export interface Resource {
  /** The folder, such as `storage-pool`. */
  readonly folder: string;
  /** Such as `StoragePool`. */
  readonly name: string;
  readonly schema: z.ZodType;
  readonly model: ObjectModel;
  readonly policies: Readonly<Record<string, Policy>>;
  readonly outputs: readonly Output[];
}

export async function loadResources(root: string): Promise<Resource[]> {
  const resources = path.join(root, "provider/resources");
  const folders = readdirSync(resources).filter((folder) => existsSync(path.join(resources, folder, "schema.ts")));
  return Promise.all(folders.sort().map((folder) => loadResource(path.join(resources, folder))));
}

async function loadResource(folder: string): Promise<Resource> {
  const camel = path.basename(folder).replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  const name = capitalised(camel);
  const source = path.join(folder, "schema.ts");
  const schema = await named<z.ZodType>(source, `${camel}Inputs`);
  return {
    folder: path.basename(folder),
    name,
    schema,
    model: modelOf(name, schema),
    policies: await named<Record<string, Policy>>(path.join(folder, "policy.ts"), `${camel}Policies`),
    outputs: outputsOf(source, `${name}Outputs`),
  };
}

async function named<Value>(file: string, name: string): Promise<Value> {
  const exported = (await import(pathToFileURL(file).href)) as Readonly<Record<string, Value | undefined>>;
  const value = exported[name];
  if (value === undefined) throw new Error(`${file} exports no ${name}`);
  return value;
}
