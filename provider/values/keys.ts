/** The one key that Pulumi loses on its way to the provider, as JavaScript takes it for the prototype of what it stands in. */
const lost = "__proto__";

export const lostKeyProblem = `no key can be called ${lost}, which would be lost on its way; choose another name`;

/** Paths of the keys, at any depth, that can't be carried; what is not a plain list or map is not looked into. */
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

/** What stands there under a key of the user's: never what every object inherits, such as `constructor`. */
export function own<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
