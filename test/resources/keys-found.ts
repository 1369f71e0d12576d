import { type ObjectModel, objectsOf } from "../../tools/generate/model";

/** The keys that are given and not by default, and have the value that was read: `NetworkDns.enabled`. */
export function keysFound(model: ObjectModel, read: unknown, given: unknown): string[] {
  return model.fields.flatMap(({ name, fallback, type }) => {
    const [is, expected] = [valueIn(read, name), valueIn(given, name)];
    if (expected === undefined || JSON.stringify(expected) === JSON.stringify(fallback)) return [];
    const [items, wanted] = [[is].flat(), [expected].flat()];
    const inner = objectsOf(type).flatMap((object) =>
      wanted.flatMap((each, index) => keysFound(object, items[index], each)),
    );
    const isFound = objectsOf(type).length > 0 ? inner.length > 0 : JSON.stringify(is) === JSON.stringify(expected);
    return isFound ? [`${model.name}.${name}`, ...inner] : inner;
  });
}

function valueIn(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
