import { isPlaceholder, type PlaceholderRow, placeholderRows } from "../../format/placeholders";
import { KvmError } from "../../values/errors";
import type { TextFile } from "../family";
import { valueAt } from "./table";

/** Whether it is a table of kvm-deploy 2014, by its name. */
export function isPlaceholderTable({ path }: Pick<TextFile, "path">): boolean {
  return path.endsWith(".table");
}

/** What is wrong with a line of a table. */
export interface RowProblem {
  readonly row: PlaceholderRow;
  readonly column: number;
  readonly message: string;
}

export interface PlaceholderValues {
  readonly values: ReadonlyMap<string, string>;
  /** The expressions of these values, as paths. */
  readonly paths: ReadonlyMap<string, string>;
  readonly problems: readonly RowProblem[];
}

/** @throws KvmError with file:line:column */
export function placeholderValues(table: Pick<TextFile, "path" | "text">, data: unknown): ReadonlyMap<string, string> {
  const { values, problems } = readPlaceholderTable(table.text, data);
  const [first] = problems;
  if (first === undefined) return values;
  throw new KvmError("invalid-input", `${table.path}:${first.row.line}:${first.column}: ${first.message}`);
}

/**
 * The values of the placeholders. The tool of 2014 evaluated the expressions as Python; only paths are taken.
 * @param data the 2014 configuration is its `config`
 * @param spelling the path that an expression is short for
 */
export function readPlaceholderTable(
  table: string,
  data: unknown,
  spelling: (expression: string) => string = (expression) => expression,
): PlaceholderValues {
  const values = new Map<string, string>();
  const paths = new Map<string, string>();
  const problems: RowProblem[] = [];
  for (const row of placeholderRows(table)) {
    const path = spelling(row.expression);
    const read = valueOf(row, path, data);
    if ("problem" in read) problems.push({ row, column: read.column ?? row.column, message: read.problem });
    // Of two lines for the same placeholder, the first one counts.
    else if (!values.has(row.placeholder)) {
      values.set(row.placeholder, read.value);
      paths.set(row.placeholder, path);
    }
  }
  const nested = placeholderRows(table).find(({ placeholder }) =>
    [...values.keys()].some((other) => values.get(placeholder)?.includes(other) === true),
  );
  if (nested !== undefined)
    problems.push({
      row: nested,
      column: nested.column,
      message: `the value of ${nested.placeholder} contains a placeholder; write the finished text as the value`,
    });
  return { values, paths, problems };
}

type Read = { readonly value: string } | { readonly problem: string; readonly column?: number };

function valueOf({ placeholder, expression }: PlaceholderRow, path: string, data: unknown): Read {
  if (!isPlaceholder(placeholder))
    return { problem: `${placeholder} is not a placeholder; write the line like %%NAME%% config.vm.name`, column: 1 };
  if (!/^config(?:\.[A-Za-z0-9]+(?:\[\d+\])*)+$/.test(path)) return { problem: notAPath(expression) };
  const found = valueAt(data, path);
  if ("problem" in found) return { problem: `${found.problem}. Correct the path, or add the key to the configuration` };
  const { value } = found;
  if (typeof value === "string") return { value };
  if (typeof value === "number" || typeof value === "boolean") return { value: String(value) };
  return {
    problem: `${path} is ${Array.isArray(value) ? "a list; name one of its items" : "a map; name one of its keys"}`,
  };
}

function notAPath(expression: string): string {
  const what = expression === "" ? "the path of the value is missing" : `"${expression}" is not a path`;
  return `${what}; write one such as config.vm.nic[0].ip. For a value that is computed, add a key with the finished value to the configuration, and write its path`;
}
