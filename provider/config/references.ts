import { choices, type Problem } from "../issues";

/** The parts of a configuration that are resources, in the order in which they are made. */
export const sections = ["networks", "pools", "volumes", "installers", "machines"] as const;

export type Section = (typeof sections)[number];

/** A resource's inputs as written in the configuration. */
export type Entry = Readonly<Record<string, unknown>>;

export type Entries = Readonly<Record<Section, Readonly<Record<string, Entry>>>>;

/** A field whose value is a key of another section. */
export interface Reference {
  readonly from: Section;
  /** `*` stands for every item of a list. */
  readonly field: readonly string[];
  readonly to: Section;
  /** The property of the other resource that takes the key's place. */
  readonly property: "id" | "name";
  /** Whether a value that is no key names a thing that the host has already. */
  readonly orHost: boolean;
}

export const references: readonly Reference[] = [
  { from: "volumes", field: ["pool"], to: "pools", property: "name", orHost: true },
  { from: "machines", field: ["disks", "*", "volume"], to: "volumes", property: "id", orHost: false },
  { from: "machines", field: ["nics", "*", "network"], to: "networks", property: "name", orHost: true },
  { from: "machines", field: ["installer"], to: "installers", property: "id", orHost: false },
];

/** Puts something in the place of every key that refers to another resource. */
export function replaceReferences(
  section: Section,
  entry: Entry,
  entries: Entries,
  replace: (reference: Reference, key: string) => unknown,
): Entry {
  return referencesOf(section).reduce<Entry>((inputs, reference) => {
    const swap = (value: unknown) =>
      typeof value === "string" && Object.hasOwn(entries[reference.to], value) ? replace(reference, value) : value;
    return mapAt(inputs, reference.field, swap) as Entry;
  }, entry);
}

/** The references that lead nowhere. */
export function brokenReferences(section: Section, entry: Entry, entries: Entries): readonly Problem[] {
  const problems: Problem[] = [];
  for (const { field, to, orHost } of referencesOf(section)) {
    const keys = Object.keys(entries[to]);
    mapAt(entry, field, (value, path) => {
      if (orHost || typeof value !== "string" || keys.includes(value)) return value;
      const known = choices(`the ${to} of this configuration`, value, keys);
      problems.push({ path, message: `"${value}" is not among the ${to}; ${known}` });
      return value;
    });
  }
  return problems;
}

/** Whether the value there can only be a key, which is not what the resource itself takes. */
export function isKeyOnly(section: Section, path: readonly PropertyKey[]): boolean {
  const pattern = path.map((key) => (typeof key === "number" ? "*" : key)).join("/");
  return referencesOf(section).some(({ field, orHost }) => !orHost && field.join("/") === pattern);
}

function referencesOf(section: Section): readonly Reference[] {
  return references.filter(({ from }) => from === section);
}

/** A copy in which the values of the field are changed; what has another shape is left alone. */
function mapAt(
  value: unknown,
  field: readonly string[],
  change: (value: unknown, path: readonly PropertyKey[]) => unknown,
  path: readonly PropertyKey[] = [],
): unknown {
  const [key, ...rest] = field;
  if (key === undefined) return change(value, path);
  if (key === "*") {
    if (!Array.isArray(value)) return value;
    return value.map((item: unknown, index) => mapAt(item, rest, change, [...path, index]));
  }
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return value;
  return { ...value, [key]: mapAt((value as Entry)[key], rest, change, [...path, key]) };
}
