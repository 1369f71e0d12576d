import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { TestStack } from "../test/pulumi/support";

/**
 * Makes the program of `twin` one with the resources of `original` as they are in its state now, whose provider does
 * nothing: what it takes is the engine's own time.
 */
export async function makeTwin(original: TestStack, twin: TestStack): Promise<void> {
  const { deployment } = JSON.parse(await original.state()) as Exported;
  const resources = deployment.resources.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/"));
  const modules = { "resources.json": JSON.stringify(resources), "nothing.js": providerText };
  for (const [name, text] of Object.entries(modules)) await writeFile(path.join(twin.folder, name), text);
  await twin.bareProgram(programText);
}

interface Exported {
  readonly deployment: { readonly resources: readonly { readonly type: string }[] };
}

const programText = `
  const path = require("node:path");
  const provider = "exports.handler = () => require(" + JSON.stringify(path.join(__dirname, "nothing.js")) + ");";
  const made = new Map();
  for (const { urn, type, inputs, dependencies = [] } of require("./resources.json")) {
    const dependsOn = dependencies.map((name) => made.get(name));
    const properties = { ...inputs, __provider: provider };
    made.set(urn, new pulumi.CustomResource(type, urn.slice(urn.lastIndexOf("::") + 2), properties, { dependsOn }));
  }
`;

const providerText = `
  const resources = new Map(require("./resources.json").map((resource) => [resource.urn, resource]));
  const isChanged = (olds, news) => (key) =>
    !key.startsWith("__") && JSON.stringify(olds[key]) !== JSON.stringify(news[key]);
  module.exports = {
    check: async (olds, news) => ({ inputs: news }),
    diff: async (id, olds, news) => ({ changes: Object.keys(news).some(isChanged(olds, news)) }),
    create: async (inputs) => {
      const { id, outputs } = resources.get(inputs.__urn);
      return { id, outs: { ...outputs, ...inputs } };
    },
    read: async (id, state) => ({ id, props: state }),
    update: async (id, olds, news) => ({ outs: { ...olds, ...news } }),
    delete: async () => {},
  };
`;
