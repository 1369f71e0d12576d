import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseYaml } from "../../provider/format/yaml/load";
import type { Properties } from "../../provider/resource/handler";
import { unknownValue } from "../../provider/resource/known";
import type { Resource } from "../../tools/generate/resources";
import { root } from "../site";

/** Inputs of the resource that has no goldens of its own. */
const iso = {
  source: { path: "/d.iso", sha256: "a".repeat(64) },
  system: { users: [{ name: "ann" }], disk: { layout: "lvm" } },
  debian: { lateCommands: ["true"] },
  data: { deep: { er: 1 } },
};

/** Valid inputs of a resource: its goldens'. */
export function samplesOf({ folder }: Resource, connection: string): Properties[] {
  const files = globSync(`test/golden/${folder}/*.in.yaml`, { cwd: root }).sort();
  const given = files.map((file) => parseYaml(readFileSync(path.join(root, file), "utf8"), file).value as Properties);
  const inputs = given.map((each) => (each["inputs"] ?? each) as Properties);
  return (folder === "installer-iso" ? [iso] : inputs).map((each) => ({ name: "a", ...each, connection }));
}

/** The keys that lead to a value. */
export type Place = readonly string[];

/**
 * Every place in a value, at each depth.
 * @param further keys of the place beside those that it has
 */
export function placesIn(
  value: unknown,
  further: (place: Place, value: unknown) => readonly string[] = () => [],
  at: Place = [],
): Place[] {
  const own = typeof value === "object" && value !== null ? value : {};
  const keys = new Set([...Object.keys(own), ...further(at, value)]);
  const inner = [...keys].flatMap((key) => placesIn((own as Properties)[key], further, [...at, key]));
  return at.length === 0 ? inner : [at, ...inner];
}

/** The value with an unknown one in a place; in a list, an index that it doesn't have is one item more. */
export function withUnknown(value: unknown, [key, ...rest]: Place): unknown {
  if (key === undefined) return unknownValue;
  if (!Array.isArray(value)) return { ...(value as Properties), [key]: withUnknown((value as Properties)[key], rest) };
  const items: readonly unknown[] = value;
  return key in items
    ? items.map((item, index) => (String(index) === key ? withUnknown(item, rest) : item))
    : [...items, unknownValue];
}
