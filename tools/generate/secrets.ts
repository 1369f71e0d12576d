import type { z } from "zod";
import type { Secrets } from "../../sdk/secrets";
import { type Node, nodeOf } from "./model";
import type { Resource } from "./resources";

const header = `// Made by tools/generate.ts from the schemas in provider/; change those and run \`npm run generate\`.
import type { Secrets } from "./secrets";
`;

/** The list of each resource's secrets, for the SDK. */
export function renderSecrets(resources: readonly Resource[]): string {
  const table = Object.fromEntries(resources.map(({ name, secrets }) => [name, secrets]));
  return `${header}
export const secrets = ${JSON.stringify(table, null, 2)} as const satisfies Readonly<Record<string, Secrets>>;
`;
}

/** A secret of a schema. */
interface Place {
  readonly path: readonly string[];
  readonly isComputed: boolean;
}

export function secretsOf(schema: z.ZodType): Secrets {
  const node = nodeOf(schema);
  const places = placesIn(node, []);
  const computed = places.filter(({ isComputed }) => isComputed);
  const given = places.filter(({ isComputed }) => !isComputed);
  // Nothing is given of what is computed, so that only what lies around it can be marked; that is never all arguments.
  const isTainting = ({ path }: Place) =>
    computed.some((place) => place.path.length > 1 && areBeside(place.path, path));
  const names = (among: readonly Place[]) => among.map(({ path }) => path.join("."));
  const outputs = Object.entries(node.properties ?? {}).filter(([, property]) => property.secretOutput === true);
  return {
    fields: names(given.filter((place) => !isTainting(place))),
    tainting: names(given.filter(isTainting)),
    computed: names(computed.filter(({ path }) => path.length === 1)),
    outputs: outputs.map(([name]) => name),
  };
}

/** Pulumi marks a list or a map as a whole: what has a secret in it is one. */
function placesIn({ properties = {} }: Node, above: readonly string[]): Place[] {
  return Object.entries(properties).flatMap(([name, node]) => {
    const path = [...above, name];
    if (node.secret === true || holdsSecret(branchesOf(node))) return [{ path, isComputed: node.derived === true }];
    return placesIn(node, path);
  });
}

function holdsSecret(nodes: readonly Node[]): boolean {
  return nodes.some(
    (node) => node.secret === true || holdsSecret([...Object.values(node.properties ?? {}), ...branchesOf(node)]),
  );
}

/** The items of a list, the values of a map, and what a value may be else. */
function branchesOf({ items, additionalProperties, anyOf = [], oneOf = [] }: Node): Node[] {
  const values = typeof additionalProperties === "object" ? [additionalProperties] : [];
  return [...(items === undefined ? [] : [items]), ...values, ...anyOf, ...oneOf];
}

function areBeside(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.slice(0, -1).every((name, index) => name === other[index]);
}
