/**
 * The effect of a changed field on a running thing.
 * - `live`: applied while it runs
 * - `restart`: written to the definition; in force after the next restart, or at once with `allowRestart`
 * - `reinstall`: only the next installation uses it
 * - `replace`: a new thing replaces the old one
 * - `refuse`: impossible without loss; an error at preview
 * - `setting`: for kvm-deploy alone; nothing on the host changes
 * - `digested`: the effect is in a field that is derived from it; the field itself is never a difference
 */
export type Policy = "live" | "restart" | "reinstall" | "replace" | "refuse" | "setting" | "digested";

/** The same policy for several fields. */
export function allAre<Same extends Policy, Field extends string>(
  policy: Same,
  fields: readonly Field[],
): Readonly<Record<Field, Same>> {
  return Object.fromEntries(fields.map((field) => [field, policy])) as Readonly<Record<Field, Same>>;
}

/** One entry for each field, at every depth with policies of its own: a new field without a policy does not compile. */
export type PolicyTable<Value, Inputs = Value> = {
  readonly [Field in keyof Required<Value>]: FieldPolicy<NonNullable<Value[Field]>, Inputs>;
};

export type FieldPolicy<Value, Inputs> =
  | Policy
  | Depends<Inputs>
  | (Value extends readonly (infer Item)[]
      ? Items<Item, Inputs>
      : Value extends Readonly<Record<string, unknown>>
        ? Parts<Value, Inputs>
        : never);

/** A policy of a field of any type, for readers of all resources' tables. */
export type AnyPolicy = Policy | Depends<unknown> | Parts<unknown, unknown> | Items<unknown, unknown>;

/** The effect follows from the inputs, such as memory that is live within its maximum. */
export interface Depends<Inputs> {
  readonly kind: "depends";
  readonly decide: (olds: Inputs, news: Inputs) => Policy;
  /** The strongest possible effect: for a preview in which it depends on unknown values. */
  readonly most: Policy;
  /** For the reference: `at once up to maxMemory, else at a restart`. */
  readonly text: string;
}

/** An object whose parts have policies of their own. */
export interface Parts<Value, Inputs> {
  readonly kind: "parts";
  /** For the whole object when it is added or removed. */
  readonly whole: Policy | Depends<Inputs>;
  readonly fields: PolicyTable<Value, Inputs>;
}

/** A list whose items are distinguished by a key. */
export interface Items<Item, Inputs> {
  readonly kind: "items";
  /** The key that identifies an item after a change; `index` if items have no key. */
  readonly keyOf: (item: Item, index: number, items: readonly Item[]) => string;
  readonly added: Policy | Depends<Inputs>;
  readonly removed: Policy | Depends<Inputs>;
  /** For items that change their order; without it, order is no difference. */
  readonly moved?: Policy | Depends<Inputs>;
  readonly fields: PolicyTable<Item, Inputs>;
}
