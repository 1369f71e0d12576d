/** A list as one text. */
export function join(list: unknown, separator: unknown): string {
  if (!Array.isArray(list)) throw new Error('is not a list; write {{join LIST " "}}');
  return list.map(textOf).join(textOf(separator));
}

/** Null: a variable without a value. */
export function textOf(value: unknown): string {
  if (value === null) return "";
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return String(value);
  throw new Error(Array.isArray(value) ? "is a list; use {{join …}} or {{#each …}}" : "is a map; name one of its keys");
}

/** The prototype of the copies below: for `../` in a template, Handlebars compares them with texts. */
const prototype = Object.freeze({ __proto__: null, [Symbol.toPrimitive]: () => "" });

/** A copy without JavaScript's prototypes, so that a template can read its values and nothing else. */
export function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== "object" || value === null) return value;
  return Object.assign(
    Object.create(prototype),
    Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, bare(inner)])),
  ) as unknown;
}
