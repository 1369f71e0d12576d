/** The one key that Pulumi loses on its way to the provider, because JavaScript reads it as an object's prototype. */
const lost = "__proto__";

export const lostKeyProblem = `no key can be named ${lost}, because Pulumi would lose it; choose another name`;

/** Paths of the keys, at any depth, that can't be transported; only plain lists and maps are searched. */
export function lostKeysIn(value: unknown, path = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => lostKeysIn(item, `${path}[${index}]`));
  if (!isPlain(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = path === "" ? key : `${path}.${key}`;
    return key === lost ? [at] : lostKeysIn(inner, at);
  });
}

function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** The table's own value for a user's key, never an inherited one such as `constructor`. */
export function own<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
