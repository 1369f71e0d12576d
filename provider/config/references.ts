/** The parts of a configuration that are resources, in the order in which they are made, and the SDK's classes of those. */
export const sectionClasses = {
  networks: "Network",
  pools: "StoragePool",
  volumes: "Volume",
  installers: "InstallerIso",
  machines: "Machine",
} as const;

export type Section = keyof typeof sectionClasses;

export const sections = Object.keys(sectionClasses) as readonly Section[];

/** Something for each section. */
export function eachSection<Value>(make: (section: Section) => Value): Readonly<Record<Section, Value>> {
  return Object.fromEntries(sections.map((section) => [section, make(section)])) as Record<Section, Value>;
}

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
  readonly isHosts: (value: string) => boolean;
}

const always = () => true;

/** `POOL/VOLUME` and `/folder/file.iso`. */
const withSlash = (value: string) => value.includes("/");

export const references: readonly Reference[] = [
  { from: "volumes", field: ["pool"], to: "pools", property: "name", isHosts: always },
  { from: "volumes", field: ["source", "volume"], to: "volumes", property: "id", isHosts: withSlash },
  { from: "volumes", field: ["backing", "volume"], to: "volumes", property: "id", isHosts: withSlash },
  { from: "machines", field: ["disks", "*", "volume"], to: "volumes", property: "id", isHosts: withSlash },
  { from: "machines", field: ["nics", "*", "network"], to: "networks", property: "name", isHosts: always },
  { from: "machines", field: ["installer"], to: "installers", property: "id", isHosts: withSlash },
];

/** Puts what `find` knows in the place of the keys that refer to other resources. */
export function replaceReferences(
  section: Section,
  entry: Entry,
  find: (reference: Reference, key: string) => unknown,
): Entry {
  return referencesOf(section).reduce<Entry>((inputs, reference) => {
    const swap = (value: unknown) => (typeof value === "string" ? (find(reference, value) ?? value) : value);
    return mapAt(inputs, reference.field, swap) as Entry;
  }, entry);
}

/** What the other resource's property will be, as far as its inputs tell. */
export function foreseen({ to, property }: Reference, target: Entry, key: string): string {
  const { name = key, pool = "default" } = target;
  if (property === "name") return String(name);
  return to === "volumes" ? `${String(pool)}/${String(name)}` : `/${String(name)}.iso`;
}

export function referencesOf(section: Section): readonly Reference[] {
  return references.filter(({ from }) => from === section);
}

/** A copy in which the values of the field are changed; what has another shape is left alone. */
export function mapAt(
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
