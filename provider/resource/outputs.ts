import type { z } from "zod";
import type { Properties } from "./handler";

/** The schema of what a resource computes: an object, so that its keys are known. */
export type OutputSchema<Outputs> = z.ZodType<Outputs> & { readonly shape: Readonly<Record<string, z.ZodType>> };

/** The outputs of a schema, which nobody changes. */
export type OutputsOf<Schema extends z.ZodType> = Unchanging<z.output<Schema>>;

type Unchanging<Value> = Value extends readonly (infer Item)[]
  ? readonly Unchanging<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: Unchanging<Value[Key]> }
    : Value;

/** A resource's state, of which nobody knows which release wrote it: any output may be absent. */
export type State<Outputs> = Properties & Partial<Outputs>;

/** The state without outputs that another release wrote in another type; one of those hinders no other. */
export function stateIn<Outputs>(schema: OutputSchema<Outputs>, properties: Properties): State<Outputs> {
  const fits = ([key, value]: [string, unknown]) =>
    !Object.hasOwn(schema.shape, key) || schema.shape[key]?.safeParse(value).success === true;
  return Object.fromEntries(Object.entries(properties).filter(fits)) as State<Outputs>;
}
