import { Conflict } from "../values/errors";
import type { InputSchema } from "./check";
import { changesBetween } from "./diff";
import type { Properties } from "./handler";
import type { PolicyTable } from "./policy";

/**
 * What is taken over must be as wanted in all that can't be changed.
 * @param what such as `storage pool "data"`
 * @param seen its inputs as they are on the host
 * @throws Conflict that tells all differences
 */
export function requireAdoptable<Inputs extends object>(
  what: string,
  { schema, policies }: { readonly schema: InputSchema<Inputs>; readonly policies: PolicyTable<Inputs> },
  seen: Inputs,
  wanted: Inputs,
): void {
  const changes = changesBetween(schema, policies, seen as Properties, wanted as Properties);
  const [first, ...others] = changes
    .filter(({ policy }) => policy === "refuse")
    .map(({ path, before, after }) => ({ path, text: `${path} is ${told(before)}, not ${told(after)}` }));
  if (first === undefined) return;
  const differences = [first, ...others].map(({ text }) => text).join("; ");
  throw new Conflict(`${what} can't be taken over as it is wanted: ${differences}`, {
    property: first.path,
    remedy: "Write what it has, or choose another name",
  });
}

function told(value: unknown): string {
  return value === undefined ? "none" : JSON.stringify(value);
}
