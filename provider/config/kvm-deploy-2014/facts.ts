import { valueAt } from "../../install/shared/table";
import { fail, pairNamed, type Path, type Tree, valuesIn } from "./tree";

/** A value, and its place in the configuration. */
export interface Fact {
  readonly value: string;
  readonly at: Path;
}

export type Facts<Name extends string> = Readonly<Record<Name, Fact>>;

/**
 * What the tool of 2014 needed to know itself, such as a machine's name. It took these values from the table of the command
 * that used them; without the table they are at their usual places.
 * @param usual their paths, by the names of their placeholders in lower case
 */
export function factsOf<Name extends string>(
  tree: Tree,
  pairName: string,
  usual: Readonly<Record<Name, string>>,
  spelling: (expression: string) => string = (expression) => expression,
): Facts<Name> {
  const data = dataOf(tree);
  const pair = pairNamed(tree, pairName);
  const { values, paths } =
    pair === undefined
      ? { values: new Map<string, string>(), paths: new Map<string, string>() }
      : valuesIn(tree, pair, data, spelling);
  const facts = (Object.entries(usual) as [Name, string][]).map(([name, path]) => {
    const placeholder = `%%${name.toUpperCase()}%%`;
    const value = values.get(placeholder);
    const at = pathIn(paths.get(placeholder) ?? path);
    return [name, { value: value ?? valueIn(tree, data, path), at }] as const;
  });
  return Object.fromEntries(facts) as Facts<Name>;
}

/** What the paths of tables lead into. */
export function dataOf({ document }: Tree): { readonly config: object } {
  return { config: { installer: "installer.iso", ...(document.value as object) } };
}

/** A table of command lines named the new ISO by the tool's own variable. */
export function withInstaller(expression: string): string {
  return expression === "self.installer" ? "config.installer" : expression;
}

function valueIn(tree: Tree, data: object, path: string): string {
  const found = valueAt(data, path);
  if ("value" in found && typeof found.value === "string") return found.value;
  return fail(tree, pathIn(path).slice(0, -1), "problem" in found ? found.problem : `${path} must be one value`);
}

/** The place in the configuration that a path of a table names. */
export function pathIn(path: string): Path {
  return [...path.matchAll(/\[(\d+)\]|[^.[\]]+/g)]
    .map(([name, index]) => (index === undefined ? name : Number(index)))
    .slice(1);
}
