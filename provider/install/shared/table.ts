import { z } from "zod";
import { parseYaml } from "../../format/yaml/load";
import { formatPath } from "../../resource/check";
import { problemsOf } from "../../resource/issues";
import { KvmError } from "../../values/errors";
import type { TextFile } from "../family";
import { choices } from "../../values/nearest";

type Path = readonly (string | number)[];

const entry = z.union([z.string(), z.strictObject({ path: z.string(), default: z.unknown() })]);
const format = z.record(z.string(), entry);

/**
 * The variables of a template: the table says for each where its value lies in the data. An entry is a path such as
 * `machines.web.nics[0].address`, or `{path, default}`.
 * @throws KvmError with file:line:column
 */
export function resolveTable(table: Pick<TextFile, "path" | "text">, data: unknown): Readonly<Record<string, unknown>> {
  const yaml = parseYaml(table.text, table.path);
  const fail = (at: Path, what: string, property: "key" | "value" = "value") => {
    const { line, column } = yaml.positionOf(at, property);
    return new KvmError("invalid-input", `${table.path}:${line}:${column}: ${what}`);
  };
  const parsed = format.safeParse(yaml.value ?? {});
  if (!parsed.success) {
    const [{ path: [variable], message } = { path: [], message: "" }] = problemsOf(format, parsed.error.issues);
    if (typeof variable !== "string") throw fail([], message);
    throw fail([variable], `${variable}: must be a path such as machines.web.name, or {path: …, default: …}`);
  }
  const variables = Object.entries(parsed.data).map(([variable, source]) => {
    const { path: text, ...rest } = typeof source === "string" ? { path: source } : source;
    const path = parsePath(text);
    if (path === undefined)
      throw fail([variable], `"${text}" is not a path; write it like machines.web.nics[0].address`);
    const found = lookUp(data, path);
    if ("value" in found) return [variable, found.value] as const;
    if ("default" in rest) return [variable, rest.default] as const;
    throw fail(
      [variable],
      `${variable}: there is no ${text}; ${whereItEnds(found)}. Correct the path, or write {path: ${text}, default: …}`,
    );
  });
  return Object.fromEntries(variables);
}

export function lineOfVariable(table: TextFile, variable: string): number {
  return parseYaml(table.text, table.path).positionOf([variable], "key").line;
}

/** `a.b[0].c` is `["a", "b", 0, "c"]`; undefined when it isn't a path. The inverse of `formatPath`. */
export function parsePath(text: string): Path | undefined {
  const step = String.raw`(?:[^.[\]]+)`;
  if (!new RegExp(String.raw`^${step}(?:\.${step}|\[\d+\])*$`).test(text)) return undefined;
  return [...text.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([name, index]) => (index === undefined ? name : Number(index)));
}

/** The value at a path such as `machines.web.nics[0].address`, or what there is instead. */
export function valueAt(data: unknown, text: string): { readonly value: unknown } | { readonly problem: string } {
  const found = lookUp(data, parsePath(text) ?? []);
  return "value" in found ? found : { problem: `there is no ${text}; ${whereItEnds(found)}` };
}

type Entries = Readonly<Record<string | number, unknown>>;

interface Missing {
  /** What of the path is there. */
  readonly before: Path;
  readonly key: string | number;
  /** What is at `before`. */
  readonly around: unknown;
}

function lookUp(data: unknown, path: Path): { readonly value: unknown } | Missing {
  let value = data;
  for (const [index, key] of path.entries()) {
    const next =
      typeof value === "object" && value !== null && Object.hasOwn(value, key) ? (value as Entries)[key] : undefined;
    if (next === undefined) return { before: path.slice(0, index), key, around: value };
    value = next;
  }
  return { value };
}

function whereItEnds({ before, key, around }: Missing): string {
  const place = before.length === 0 ? "the data" : formatPath(before);
  if (Array.isArray(around)) return `${place} has ${around.length} items, counted from 0`;
  if (typeof around !== "object" || around === null) return `${place} has no value of its own below it`;
  return choices(`in ${place} there are`, String(key), Object.keys(around));
}
