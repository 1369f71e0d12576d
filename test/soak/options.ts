import { parseArgs } from "node:util";

/** The values of options that all take one. */
export function optionsOf<Name extends string>(
  args: readonly string[],
  names: readonly Name[],
): Partial<Record<Name, string>> {
  const options = Object.fromEntries(names.map((name) => [name, { type: "string" as const }]));
  return parseArgs({ args: [...args], options, strict: true }).values as Partial<Record<Name, string>>;
}
