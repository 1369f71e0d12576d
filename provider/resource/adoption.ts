import { Conflict } from "../values/errors";
import type { InputSchema } from "./check";
import { changesBetween } from "./diff";
import type { Properties } from "./handler";
import type { PolicyTable } from "./policy";

interface Adoptable<Inputs> {
  readonly schema: InputSchema<Inputs>;
  readonly policies: PolicyTable<Inputs>;
}

/**
 * A thing that is taken over must have the desired value of every field that can't be changed.
 * @param what such as `storage pool "data"`
 * @param actual its inputs as they are on the host
 * @throws Conflict with all differences
 */
export function requireAdoptable<Inputs extends object>(
  what: string,
  { schema, policies }: Adoptable<Inputs>,
  actual: Inputs,
  desired: Inputs,
): void {
  const changes = changesBetween(schema, policies, actual as Properties, desired as Properties);
  const [first, ...others] = changes
    .filter(({ policy }) => policy === "refuse")
    .map(({ path, before, after }) => ({ path, text: `${path} is ${textOf(before)}, not ${textOf(after)}` }));
  if (first === undefined) return;
  const differences = [first, ...others].map(({ text }) => text).join("; ");
  throw new Conflict(`${what} can't be taken over, because it differs from the inputs: ${differences}`, {
    property: first.path,
    remedy: "Change the inputs to what it has, or choose another name",
  });
}

function textOf(value: unknown): string {
  return value === undefined ? "none" : JSON.stringify(value);
}
