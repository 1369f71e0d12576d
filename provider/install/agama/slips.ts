/** Where a slip is, below the storage section, and what it is. */
export interface StorageSlip {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

type Section = Readonly<Record<string, unknown>>;

/** References that lead to nothing, and searches that find nothing: Agama accepts the profile, and ends at its storage. */
export function slipsInStorage(storage: Section): StorageSlip[] {
  const aliases = new Set(valuesOf(storage, "alias").map(({ value }) => value));
  return [
    ...referencesIn(storage)
      .filter(({ value }) => !aliases.has(value))
      .map(({ path, value }) => ({
        path,
        message: `nothing has the alias "${value}"; give it to a drive or a partition`,
      })),
    ...valuesOf(storage, "search")
      .filter(({ value }) => value !== "*" && !value.startsWith("/"))
      .map(({ path, value }) => ({ path, message: `"${value}" is not a device; write "/dev/${value}"` })),
    ...twiceIn(valuesOf(storage, "alias")),
  ];
}

interface Found {
  readonly path: readonly (string | number)[];
  readonly value: string;
}

/** Every text at a key, at any depth. */
function valuesOf(node: unknown, key: string, at: readonly (string | number)[] = []): Found[] {
  if (Array.isArray(node)) return node.flatMap((item, index) => valuesOf(item, key, [...at, index]));
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node as Section).flatMap(([name, value]) =>
    name === key && typeof value === "string" ? [{ path: [...at, name], value }] : valuesOf(value, key, [...at, name]),
  );
}

/** The keys whose items are aliases. */
const lists: readonly string[] = ["devices", "physicalVolumes", "targetDevices"];

function referencesIn(storage: Section): Found[] {
  const groups = ["mdRaids", "volumeGroups"].flatMap((kind) =>
    itemsOf(storage[kind]).map((item, index) => ({ item, at: [kind, index] as readonly (string | number)[] })),
  );
  return groups.flatMap(({ item, at }) => textsIn(item, at));
}

/** Aliases in the lists of an array or a volume group; `generate` is one alias, a list, or an object with a list. */
function textsIn(node: unknown, at: readonly (string | number)[]): Found[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node as Section).flatMap(([key, value]) => {
    if (!lists.includes(key)) return [];
    return itemsOf(value).flatMap((item, index): Found[] => {
      const path = [...at, key, index];
      if (typeof item === "string") return [{ path, value: item }];
      const generate = (item as Section | null)?.["generate"];
      if (Array.isArray(generate)) return textsIn({ targetDevices: generate }, [...path, "generate"]).map(shortened);
      return textsIn(generate, [...path, "generate"]);
    });
  });
}

/** The list itself stands at `generate`. */
function shortened({ path, value }: Found): Found {
  return { path: path.filter((key) => key !== "targetDevices"), value };
}

function twiceIn(aliases: readonly Found[]): StorageSlip[] {
  return aliases
    .filter(({ value }, index) => aliases.findIndex((other) => other.value === value) < index)
    .map(({ path, value }) => ({
      path,
      message: `another device has the alias "${value}" already; choose another one`,
    }));
}

function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
