import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { loadDocument } from "../provider/format/yaml/load";
import { readTextSync } from "../provider/host/program-files";
import { generate, stale } from "../tools/generate";
import { renderResource } from "../tools/generate/markdown";
import { modelOf } from "../tools/generate/model";
import type { Resource } from "../tools/generate/resources";
import { renderClasses } from "../tools/generate/sdk-classes";
import { secretsOf } from "../tools/generate/secrets";
import { renderArguments } from "../tools/generate/typescript";
import { root } from "./site";

describe("what is made from the schemas", () => {
  it("is up to date", async () => {
    const files = await generate();
    assert.deepEqual(stale(files), [], "run `npm run generate` and commit what it writes");
  });

  it("notices a file that differs and one that is missing", () => {
    const files = new Map([
      ["sdk/args.gen.ts", "// other"],
      ["docs/reference/nowhere.md", ""],
    ]);
    assert.deepEqual(stale(files), ["sdk/args.gen.ts", "docs/reference/nowhere.md"]);
  });

  it("has a JSON schema that the example configurations satisfy, and that refuses a typo", async () => {
    const text = (await generate()).get("provider/config/configuration.schema.json") ?? "";
    const schema = z.fromJSONSchema(JSON.parse(text) as z.core.JSONSchema.JSONSchema);
    for (const example of ["example1", "example2"]) {
      const { value } = loadDocument(`${root}/examples/${example}/${example}.yaml`, { read: readTextSync });
      assert.deepEqual(schema.safeParse(value).error?.issues ?? [], [], example);
    }
    assert.equal(schema.safeParse({ networks: { lab: { mdoe: "nat" } } }).success, false);
    assert.equal(schema.safeParse({ network: {} }).success, false);
    const withMac = (mac: string) => ({ machines: { web: { memory: "1GiB", nics: [{ network: "lab", mac }] } } });
    assert.equal(schema.safeParse(withMac("52:54:00:AB:CD:EF")).success, true, "its pattern ignores case");
  });
});

describe("one model, several texts", () => {
  const schema = z.strictObject({
    name: z.string().meta({ description: "Its name.", sets: "name" }),
    size: z.string().default("1GiB").meta({ description: "Its size.", sets: "size", kind: "size", example: "1GiB" }),
    parts: z
      .array(z.strictObject({ at: z.int().min(1).max(9).meta({ description: "Where." }) }))
      .optional()
      .meta({ description: "Its parts. Default: found by itself." }),
    digest: z.string().optional().meta({ description: "Computed.", derived: true }),
  });
  const outputs = z.object({
    uuid: z.string().meta({ description: "Given by libvirt." }),
    mounts: z.array(z.string()).optional().meta({ description: "Where it is." }),
  });
  const resource: Resource = {
    directory: "thing",
    name: "Thing",
    schema,
    model: modelOf("Thing", schema),
    secrets: secretsOf(schema),
    policies: { name: "replace", size: "live", parts: "restart" },
    summary: "A thing.",
    handler: "thing",
    outputs: modelOf("Thing", outputs).fields,
    properties: modelOf("Thing", outputs).fields,
  };

  it("the arguments' interfaces, in which optional members may be undefined", () => {
    const text = renderArguments([resource]);
    assert.match(text, /export interface ThingArgs \{/);
    assert.match(text, /readonly name\?: pulumi\.Input<string \| undefined>;/);
    assert.match(
      text,
      /\* Sets: size\n {3}\* @example "1GiB"\n {3}\* @default "1GiB"\n {3}\*\/\n {2}readonly size\?: pulumi\.Input<Size \| undefined>;/,
    );
    assert.match(
      text,
      /\* Its parts\. Default: found by itself\. \*\/\n {2}readonly parts\?: pulumi\.Input<readonly pulumi\.Input<ThingPartArgs>\[\] \| undefined>;/,
    );
    assert.match(
      text,
      /export interface ThingPartArgs \{\n {2}\/\*\* Where\. \*\/\n {2}readonly at: pulumi\.Input<number>;/,
    );
    assert.doesNotMatch(text, /digest/);
  });

  it("the SDK's class, in which an output may be undefined", () => {
    const text = renderClasses([resource]);
    assert.match(text, /\/\*\* A thing\. \*\/\nexport class Thing extends KvmResource \{/);
    assert.match(text, /declare readonly uuid: pulumi\.Output<string>;/);
    assert.match(text, /declare readonly mounts: pulumi\.Output<string\[\] \| undefined>;/);
    assert.match(text, /super\(\{"kind":"Thing","handler":"thing","outputs":\["uuid","mounts"\]\}/);
  });

  it("the reference, with a table for each nested object and what a change does", () => {
    const lines = renderResource(resource).split("\n");
    for (const line of [
      "| `name` | text | **required** | replaces | `name` | Its name. |",
      "| `size` | size | `1GiB` | at once | `size` | Its size. |",
      "| `parts` | list of [ThingPart](#thingpart) | found by itself | at a restart |  | Its parts. |",
      "### ThingPart",
      "| `at` | whole number from 1 to 9 | **required** |  | Where. |",
      "| `uuid` | `string` | Given by libvirt. |",
      "| `mounts` | `string[] \\| undefined` | Where it is. |",
    ]) {
      assert.ok(lines.includes(line), line);
    }
    assert.doesNotMatch(lines.join("\n"), /digest/);
  });
});
