import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { z } from "zod";
import type { AnyPolicy } from "../../provider/resource/policy";
import type { Secrets } from "../../sdk/secrets";
import { capitalised, type Field, modelOf, nodeOf, type ObjectModel } from "./model";
import { secretsOf } from "./secrets";

/** A folder of provider/resources, as far as it is told to users. */
export interface Resource {
  /** The folder, such as `storage-pool`. */
  readonly folder: string;
  /** Such as `StoragePool`. */
  readonly name: string;
  /** The name that the provider exports its handler by, such as `storagePool`. */
  readonly handler: string;
  readonly schema: z.ZodType;
  readonly model: ObjectModel;
  readonly secrets: Secrets;
  readonly policies: Readonly<Record<string, AnyPolicy>>;
  /** One sentence or two. */
  readonly summary: string;
  /** What it computes and a user may read. */
  readonly outputs: readonly Field[];
  /** What its class in the SDK has: its outputs, and the inputs that others refer to. */
  readonly properties: readonly Field[];
}

export async function loadResources(root: string): Promise<Resource[]> {
  const resources = path.join(root, "provider/resources");
  const folders = readdirSync(resources).filter((folder) => existsSync(path.join(resources, folder, "schema.ts")));
  return Promise.all(folders.sort().map((folder) => loadResource(path.join(resources, folder))));
}

async function loadResource(folder: string): Promise<Resource> {
  const base = path.basename(folder);
  const camel = base.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  const name = capitalised(camel);
  const schema = await named<z.ZodType>(path.join(folder, "schema.ts"), `${camel}Inputs`);
  const policies = await named<Record<string, AnyPolicy>>(path.join(folder, "policy.ts"), `${camel}Policies`);
  const outputsSchema = await named<z.ZodType>(path.join(folder, "schema.ts"), `${camel}Outputs`);
  const model = modelOf(name, schema);
  const outputs = modelOf(name, outputsSchema).fields.filter(({ isInternal }) => !isInternal);
  const inputs = model.fields.filter(({ isProperty }) => isProperty);
  return {
    folder: base,
    name,
    schema,
    handler: camel,
    model,
    secrets: secretsOf(schema),
    policies,
    summary: nodeOf(schema).description ?? "",
    outputs,
    properties: [...inputs, ...outputs],
  };
}

async function named<Value>(file: string, name: string): Promise<Value> {
  const exported = (await import(pathToFileURL(file).href)) as Readonly<Record<string, Value | undefined>>;
  const value = exported[name];
  if (value === undefined) throw new Error(`${file} exports no ${name}`);
  return value;
}
